"""Building a dataset version's folder: aside first, then moved into place in one step."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.files.storage import default_storage

from analytics.pairs.build import ItemPairs
from analytics.pairs.dataset import PairLedger
from analytics.pairs.dimensions import Dimensions
from annotation_app.models import DatasetVersion, Snapshot
from annotation_app.services.exports.edit_reward_json import EditRewardJson
from annotation_app.services.exports.edit_reward_parquet import EditRewardParquet
from annotation_app.services.exports.images import ImageShelf
from annotation_app.services.exports.items import export_items, rubric_dimensions
from annotation_app.services.exports.manifest import write_manifest
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.pairing import item_pairs
from annotation_app.services.exports.parquet import ImageCells
from annotation_app.services.exports.pointwise import Pointwise
from annotation_app.services.exports.rows import ItemRows, item_rows
from annotation_app.services.exports.training_folder import TrainingFolder, rubric_facts
from annotation_app.services.exports.trl import TrlPreferences

Progress = Callable[[int, int, str], None]


class Format(Protocol):
    """A file format that takes items one by one."""

    @property
    def rows(self) -> int:
        """How many rows stand in its files."""

    def add(self, rows: ItemRows, pairs: ItemPairs) -> None:
        """Append an item."""

    def close(self) -> None:
        """End the files."""


def build_folder(
    *, version: DatasetVersion, snapshot: Snapshot, options: ExportOptions, progress: Progress
) -> tuple[Path, dict[str, Any]]:
    """Write every file of a version and return its folder and manifest.

    The folder appears under its final name only when all is written; what an earlier, killed
    attempt left behind is removed first.
    """
    root = Path(settings.EXPORT_ROOT)
    final, aside = root / str(version.public_id), root / f"{version.public_id}.building"
    for leftover in (aside, final):
        shutil.rmtree(leftover, ignore_errors=True)
    aside.mkdir(parents=True)
    dimensions = rubric_dimensions(snapshot.rubric)
    ledger = PairLedger()
    shelf = ImageShelf(aside, default_storage, _image_root(options))
    formats = _formats(aside, snapshot, dimensions, options, shelf)
    with ExitStack() as stack:
        for one in formats.values():
            stack.callback(one.close)
        for done, item in enumerate(export_items(snapshot), start=1):
            pairs = item_pairs(item, dimensions, options)
            ledger.add(pairs)
            rows = item_rows(item, dimensions, shelf)
            for one in formats.values():
                one.add(rows, pairs)
            progress(done, snapshot.item_count, "writing items")
    progress(snapshot.item_count, snapshot.item_count, "hashing files")
    manifest = write_manifest(
        aside,
        snapshot=snapshot,
        version=version,
        options=options,
        summary=ledger.summary(),
        rows={name: one.rows for name, one in formats.items()},
    )
    aside.replace(final)
    return final, manifest


def _image_root(options: ExportOptions) -> str | None:
    return options.image_root if options.images is ImageMode.REFERENCED else None


def _formats(
    folder: Path,
    snapshot: Snapshot,
    dimensions: Dimensions,
    options: ExportOptions,
    shelf: ImageShelf,
) -> dict[str, Format]:
    wording = snapshot.guideline.wording.get("en", {})
    names = {key: wording.get(key, {}).get("name", key) for key in dimensions.names}
    cells = ImageCells(shelf.content if options.images is ImageMode.EMBEDDED else None)
    makers: dict[ExportFormat, Callable[[], Format]] = {
        ExportFormat.EDIT_REWARD_JSON: lambda: EditRewardJson(folder),
        ExportFormat.EDIT_REWARD_PARQUET: lambda: EditRewardParquet(folder, dimensions, cells),
        ExportFormat.TRAINING: lambda: TrainingFolder(
            folder, dimensions, rubric_facts(snapshot.rubric, wording)
        ),
        ExportFormat.TRL: lambda: TrlPreferences(
            folder, cells, names, implicit_prompts=options.implicit_prompts
        ),
        ExportFormat.POINTWISE: lambda: Pointwise(folder, dimensions.names),
    }
    return {name.value: makers[name]() for name in options.formats}
