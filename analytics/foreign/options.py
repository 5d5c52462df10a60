"""How a person says a ratings file is to be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from analytics.tabular.names import loose_name
from analytics.tabular.rows import ReadOptions

Levels = tuple[float, ...]


@dataclass(frozen=True)
class FileOptions:
    """How to read a ratings file; what is not declared is detected and reported.

    Attributes:
        by: column whose values are the strata, besides all ratings pooled.
        levels: declared levels by dimension; those under "" are for every other dimension.
        dimensions: those to report; the score columns of a wide file.
        missing: codes of missing values, besides empty cells, NA and the like.
        reading: encoding and delimiter, where they are declared.
    """

    by: str | None = None
    levels: Mapping[str, Levels] = field(default_factory=dict)
    dimensions: tuple[str, ...] = ()
    missing: frozenset[str] = frozenset()
    reading: ReadOptions = field(default_factory=ReadOptions)

    def levels_of(self, dimension: str) -> Levels | None:
        """The declared levels of a dimension, ignoring case and blanks."""
        named = {loose_name(name): levels for name, levels in self.levels.items()}
        return named.get(loose_name(dimension), named.get(""))

    def reports(self, dimension: str) -> bool:
        """Whether a dimension is to be reported."""
        wanted = {loose_name(name) for name in self.dimensions}
        return not wanted or loose_name(dimension) in wanted
