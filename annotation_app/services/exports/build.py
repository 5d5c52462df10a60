"""Building a dataset version's folder: aside first, then moved into place in one step."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.files.storage import default_storage
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import DatasetVersion, Snapshot
from annotation_app.selectors.exports.items import export_items, rubric_dimensions
from annotation_app.services.exports.card import write_card
from annotation_app.services.exports.facts import (
    dimension_levels,
    dimension_names,
    guideline_words,
)
from annotation_app.services.exports.formats import FormatFacts
from annotation_app.services.exports.hub_configs import write_configs
from annotation_app.services.exports.images import ImageExporter
from annotation_app.services.exports.joining import join_parts
from annotation_app.services.exports.manifest import describe_version, write_manifest
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.pairing import ScoreBasis
from annotation_app.services.exports.parquet import ImageCells
from annotation_app.services.exports.parts import Part, PartWriter, ledger_of, rows_of
from annotation_app.services.exports.sizing import (
    SizeEstimate,
    check_room,
    estimate_size,
    snapshot_amounts,
)
from annotation_app.services.exports.staging import BuildDirectory, build_site
from annotation_app.services.exports.training_folder import write_rubric

MEGABYTE = 1e6

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """A finished folder, and how fast it was written.

    Attributes:
        folder: under its final name.
        manifest: as its file says.
        seconds: that writing, joining and hashing took in this attempt.
        written: bytes in all files but images, which are links or copies.
    """

    folder: Path
    manifest: dict[str, Any]
    seconds: float
    written: int

    @property
    def megabytes_per_second(self) -> float:
        return self.written / MEGABYTE / self.seconds if self.seconds else 0.0


def build_folder(
    *, version: DatasetVersion, snapshot: Snapshot, options: ExportOptions, progress: Progress
) -> Built:
    """Write every file of a version.

    The folder appears under its final name only when all is written. An attempt that was killed
    leaves its finished parts, and the next one continues from there.

    Raises:
        InvalidInputError: if the disk has no room, an image is missing, or facet scores are asked
            of a snapshot without them.
    """
    site = build_site(version)
    if (whole := site.finished(snapshot)) is not None:
        site.clear()
        return _built(site.final, whole, 0.0)
    _check_scores(snapshot, options)
    estimate = estimate_size(snapshot_amounts(snapshot), options)
    began = time.perf_counter()
    site.prepare(snapshot, options)
    writer = _writer(site, snapshot, options)
    if not writer.finished():
        check_room(estimate)
    parts = _write_parts(writer, snapshot, estimate, progress)
    join_parts(site.folder, parts, _telling(progress, "joining files, bytes"))
    facts = describe_version(
        snapshot=snapshot,
        version=version,
        options=options,
        summary=ledger_of(parts).summary(),
        rows=rows_of(parts),
    )
    _describe(site.folder, snapshot, options, facts, progress)
    manifest = write_manifest(site.folder, facts, _telling(progress, "hashing files, bytes"))
    site.publish()
    return _built(site.final, manifest, time.perf_counter() - began)


def _telling(progress: Progress, message: str) -> Callable[[int, int], None]:
    return lambda done, total: progress(done, total, message)


def _describe(
    folder: Path,
    snapshot: Snapshot,
    options: ExportOptions,
    facts: dict[str, Any],
    progress: Progress,
) -> None:
    """Write the files besides the rows: rubric, indices for `datasets`, card."""

    def step() -> None:
        progress(0, 0, "describing files")

    step()
    if ExportFormat.TRAINING in options.formats:
        write_rubric(folder, snapshot.rubric, guideline_words(snapshot))
    write_card(folder, facts, write_configs(folder, options.images, step))


def _built(folder: Path, manifest: dict[str, Any], seconds: float) -> Built:
    files = manifest["files"].items()
    written = sum(facts["bytes"] for name, facts in files if not name.startswith("images/"))
    return Built(folder, manifest, seconds, written)


def _check_scores(snapshot: Snapshot, options: ExportOptions) -> None:
    if options.scores is not ScoreBasis.FACET:
        return
    fits = snapshot.report.get("facet", {})
    reasons = [str(fit["reason"]) for fit in fits.values() if "reason" in fit]
    if reasons or not fits:
        raise InvalidInputError(
            _(
                "This snapshot has no facet scores (%(reason)s). Build from final scores, or take "
                "a new snapshot when more raters have rated."
            )
            % {"reason": "; ".join(reasons) or _("it is too old")}
        )


def _writer(site: BuildDirectory, snapshot: Snapshot, options: ExportOptions) -> PartWriter:
    root = options.image_root if options.images is ImageMode.REFERENCED else None
    shelf = ImageExporter(site.folder, default_storage, root)
    facts = FormatFacts(
        dimensions=rubric_dimensions(snapshot.rubric),
        names=dimension_names(snapshot),
        rubric=snapshot.rubric.slug,
        levels=dimension_levels(snapshot),
        cells=ImageCells(shelf.content if options.images is ImageMode.EMBEDDED else None),
        options=options,
    )
    return PartWriter(site.parts, facts, options.pair_choice(), shelf)


def _write_parts(
    writer: PartWriter, snapshot: Snapshot, estimate: SizeEstimate, progress: Progress
) -> list[Part]:
    parts = writer.finished()
    after = parts[-1].last_item if parts else 0
    items = export_items(snapshot, after, with_ratings=writer.facts.options.needs_ratings)
    expected = f"about {filesizeformat(estimate.total)}"
    began, total = time.perf_counter(), snapshot.item_count
    before, embedded_before = sum(part.items for part in parts), 0

    def step(done: int, embedded: int) -> None:
        speed = (embedded_before + embedded) / MEGABYTE / (time.perf_counter() - began)
        message = f"writing items, {expected}"
        progress(before + done, total, f"{message}, {speed:.0f} MB/s" if embedded else message)

    while (part := writer.write(items, parts, step)) is not None:
        parts.append(part)
        before += part.items
        embedded_before += part.embedded
    return parts
