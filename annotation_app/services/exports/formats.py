"""The file formats of an export by their names, ready to take items one by one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from analytics.pairs.dimensions import Dimensions
from annotation_app.services.exports.edit_reward_json import EditRewardJson
from annotation_app.services.exports.edit_reward_parquet import EditRewardParquet
from annotation_app.services.exports.options import ExportFormat, ExportOptions
from annotation_app.services.exports.parquet import ImageCells
from annotation_app.services.exports.pointwise import Pointwise
from annotation_app.services.exports.ratings_table import Ratings
from annotation_app.services.exports.rows import ItemRows
from annotation_app.services.exports.training_folder import TrainingFolder
from annotation_app.services.exports.trl import TrlPreferences


class Format(Protocol):
    """A file format that takes items one by one."""

    @property
    def rows(self) -> int:
        """The number of rows in its files."""

    @property
    def embedded_bytes(self) -> int:
        """The number of bytes of images in its files."""

    def add(self, rows: ItemRows) -> None:
        """Append an item."""

    def close(self) -> None:
        """End the files."""


@dataclass(frozen=True, slots=True)
class FormatFacts:
    """What the formats need to know besides the items.

    Attributes:
        dimensions: of the rubric.
        names: of the dimensions as people read them, by key.
        rubric: its name.
        levels: of each dimension, in the order of the rubric and ascending.
        cells: what image columns hold.
        options: of the version.
    """

    dimensions: Dimensions
    names: dict[str, str]
    rubric: str
    levels: Mapping[str, Sequence[int]]
    cells: ImageCells
    options: ExportOptions


def open_formats(folder: Path, facts: FormatFacts, before: dict[str, int]) -> dict[str, Format]:
    """Every chosen format over empty files of a part.

    Args:
        folder: of the part.
        facts: about the version.
        before: rows by format in the parts before; empty in the first one.
    """
    keys = facts.dimensions.names
    first = not before
    pairs = ExportFormat.EDIT_REWARD_PARQUET
    makers: dict[ExportFormat, Callable[[], Format]] = {
        ExportFormat.EDIT_REWARD_JSON: lambda: EditRewardJson(folder),
        pairs: lambda: EditRewardParquet(
            folder, facts.dimensions, facts.cells, first_row=before.get(pairs.value, 0)
        ),
        ExportFormat.TRAINING: lambda: TrainingFolder(folder, facts.dimensions),
        ExportFormat.TRL: lambda: TrlPreferences(
            folder, facts.cells, facts.names, implicit_prompts=facts.options.implicit_prompts
        ),
        ExportFormat.POINTWISE: lambda: Pointwise(folder, keys, facts.cells, with_head=first),
        ExportFormat.RATINGS: lambda: Ratings(folder, facts.rubric, facts.levels, with_head=first),
    }
    return {name.value: makers[name]() for name in facts.options.formats}
