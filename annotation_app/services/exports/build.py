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
from annotation_app.services.exports.items import ExportItem, export_items, rubric_dimensions
from annotation_app.services.exports.manifest import write_manifest
from annotation_app.services.exports.options import ExportFormat, ExportOptions
from annotation_app.services.exports.pairing import item_pairs
from annotation_app.services.exports.training_folder import TrainingFolder, rubric_facts

Progress = Callable[[int, int, str], None]


class Format(Protocol):
    """A file format that takes items one by one."""

    rows: int

    def add(self, item: ExportItem, pairs: ItemPairs) -> None:
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
    formats = _formats(aside, snapshot, dimensions, options)
    with ExitStack() as stack:
        for one in formats.values():
            stack.callback(one.close)
        for done, item in enumerate(export_items(snapshot), start=1):
            pairs = item_pairs(item, dimensions, options)
            ledger.add(pairs)
            for one in formats.values():
                one.add(item, pairs)
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


def _formats(
    folder: Path, snapshot: Snapshot, dimensions: Dimensions, options: ExportOptions
) -> dict[str, Format]:
    shelf = ImageShelf(folder, default_storage)
    wording = snapshot.guideline.wording.get("en", {})
    makers: dict[ExportFormat, Callable[[], Format]] = {
        ExportFormat.EDIT_REWARD_JSON: lambda: EditRewardJson(folder, dimensions, shelf),
        ExportFormat.EDIT_REWARD_PARQUET: lambda: EditRewardParquet(
            folder, dimensions, shelf, embed=options.embed_images
        ),
        ExportFormat.TRAINING: lambda: TrainingFolder(
            folder, dimensions, shelf, rubric_facts(snapshot.rubric, wording)
        ),
    }
    return {name.value: makers[name]() for name in options.formats}
