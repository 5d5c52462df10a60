"""The dashboard's address: which dimension, design and slice a reader looks at."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.http import QueryDict

from annotation_app.enums import ALL_DESIGNS, Design, Facet
from annotation_app.selectors.agreement.dashboard.slices import FACETS

SORTS = ("worst", "overlap", "name")


@dataclass(frozen=True)
class Query:
    """What the address asks for.

    Attributes:
        dimension: its key; empty for the rubric's first.
        design: of the slots that count; the headline uses `random`.
        by: the facet whose slices are shown.
        value: the slice that the page is narrowed to; empty for all items.
        sort: order of the slices.
    """

    dimension: str = ""
    design: str = Design.RANDOM.value
    by: Facet = Facet.CATEGORY
    value: str = ""
    sort: str = "worst"

    @classmethod
    def of(cls, given: QueryDict) -> "Query":
        """Read an address; what it cannot be is left out."""
        design, by, sort = (given.get(name, "") for name in ("design", "by", "sort"))
        known = {one.value for one in FACETS}
        return cls(
            dimension=given.get("dimension", ""),
            design=design if design in {ALL_DESIGNS, *Design.values} else Design.RANDOM.value,
            by=Facet(by) if by in known else Facet.CATEGORY,
            value=given.get("value", ""),
            sort=sort if sort in SORTS else SORTS[0],
        )

    def with_(self, **changes: str | Facet) -> str:
        """The address's query string with some parts changed; what is usual is left out."""
        return replace(self, **changes).encoded()  # type: ignore[arg-type]  # parts of this class

    def encoded(self) -> str:
        """The query string, with its question mark; what is usual is left out."""
        usual, own = Query(), self._parts()
        parts = {key: value for key, value in own.items() if value != usual._parts()[key]}
        if self.value:
            parts["by"] = self.by.value  # a slice is named with its facet
        return f"?{urlencode(parts)}"

    def _parts(self) -> Mapping[str, str]:
        return {
            "dimension": self.dimension,
            "design": self.design,
            "by": self.by.value,
            "value": self.value,
            "sort": self.sort,
        }
