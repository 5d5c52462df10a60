"""The import itself: streamed, parallel in decoding, one transaction an item, repeatable."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import IntegrityError

from analytics.tabular.rows import RowProblem
from annotation_app.enums import AuditVerb
from annotation_app.models import Collection, Item, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.collections.importing.comparing import find_conflict, imported_items
from annotation_app.services.collections.importing.naming import NamesSeen
from annotation_app.services.collections.importing.problems import ImportSummary
from annotation_app.services.collections.importing.resolving import ImageResolver, ResolvedImage
from annotation_app.services.collections.importing.rows import FailedRow, ItemRow
from annotation_app.services.collections.importing.sources import ImportSource, open_source
from annotation_app.services.collections.importing.writing import write_item
from annotation_app.services.images.refusals import ImageRefusedError

CHUNK = 8  # items decoded together; their copies are held in memory
MOST_THREADS = 4

Progress = Callable[[int, int, str], None]
StopQuestion = Callable[[], bool]


def no_progress(done: int, total: int, message: str) -> None:
    """Discard the progress report."""


def never() -> bool:
    """Never ask for a stop."""
    return False


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How an import runs.

    Attributes:
        by_reference: record where the originals are; they stay there. Copies are made all the same.
        dry_run: find every error without writing.
        images: the folder that image paths are relative to, if not the table's folder.
        name: the name of a single table in problems; the file's name if empty.
        encoding: of the tables, where it is declared.
    """

    by_reference: bool = False
    dry_run: bool = False
    images: Path | None = None
    name: str = ""
    encoding: str | None = None


def import_items(
    *,
    path: Path,
    collection: Collection | None,
    actor: User | None = None,
    options: ImportOptions | None = None,
    progress: Progress = no_progress,
    should_stop: StopQuestion = never,
) -> ImportSummary:
    """Import the items of a folder, archive or table into a collection.

    Every item is written in a separate transaction: an interrupted import leaves whole items and
    continues when it is started again. Existing items are left unchanged.

    Args:
        path: a folder, a .zip, or a table.
        collection: where the items go; None only in a dry run into a collection to be made.
        actor: the person importing; None for the system.
        options: how the import runs.
        progress: called with rows read, about how many there are, and a message; may raise to
            interrupt.
        should_stop: asked between chunks.

    Returns:
        What was done, and every row that was not imported with its reason.

    Raises:
        InvalidInputError: if the path cannot be read, or an archive is hostile.
    """
    options = options or ImportOptions()
    summary = ImportSummary(dry_run=options.dry_run)
    threads = min(MOST_THREADS, os.cpu_count() or 1)
    with (
        open_source(path, options.images, options.name, options.encoding) as source,
        ThreadPoolExecutor(threads) as pool,
    ):
        run = _Run(source, pool, collection, options, summary)
        try:
            summary.stopped = _take_all(run, source, progress, should_stop)
            summary.notices = [*source.notices, *run.names.notices(collection)]
        finally:
            _note(summary, collection, actor, options.name or path.name)
    return summary


def _take_all(
    run: "_Run", source: ImportSource, progress: Progress, should_stop: StopQuestion
) -> bool:
    """Take chunk after chunk; whether the import was stopped before the end."""
    total = source.count_rows()
    progress(0, total, f"0 of about {total:,} rows")
    for chunk in _chunks(source.items()):
        if should_stop():
            return True
        run.take(chunk)
        done = min(source.rows_read, total)
        progress(done, total, f"{source.rows_read:,} of about {total:,} rows")
    return False


def _chunks(rows: Iterable[ItemRow | FailedRow]) -> Iterator[list[ItemRow | FailedRow]]:
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _note(
    summary: ImportSummary, collection: Collection | None, actor: User | None, source: str
) -> None:
    if collection is not None and summary.imported:
        record_event(
            actor=actor,
            verb=AuditVerb.IMPORTED,
            object_type="collection",
            object_id=collection.pk,
            data={"source": source, **summary.counts()},
        )


class _Run:
    """Takes chunk after chunk of one import."""

    def __init__(
        self,
        source: ImportSource,
        pool: Executor,
        collection: Collection | None,
        options: ImportOptions,
        summary: ImportSummary,
    ) -> None:
        self._source = source
        self._collection = collection
        self._options = options
        self._summary = summary
        self.names = NamesSeen()
        self._expected: set[str] = set()
        self._resolver = ImageResolver(source, pool, check_only=options.dry_run)

    def take(self, chunk: list[ItemRow | FailedRow]) -> None:
        """Write, recognise or refuse the rows of a chunk."""
        rows = [row for row in chunk if isinstance(row, ItemRow)]
        self.names.add(rows)
        for failed in chunk:
            if isinstance(failed, FailedRow):
                self._refuse(failed.problems, is_unreadable=failed.is_unreadable)
        there = imported_items(self._collection, [row.item_id for row in rows])
        for row, images in zip(rows, self._resolver.resolve(rows), strict=True):
            self._take_row(row, images, there.get(row.item_id))

    def _take_row(
        self, row: ItemRow, images: list[ResolvedImage | ImageRefusedError], item: Item | None
    ) -> None:
        good = [image for image in images if isinstance(image, ResolvedImage)]
        if len(good) < len(images):
            self._refuse(_image_problems(row, images))
        elif item is not None:
            self._compare(item, row, good)
        else:
            self._write(row, good)

    def _write(self, row: ItemRow, images: list[ResolvedImage]) -> None:
        if self._collection is not None and not self._options.dry_run:
            try:
                self._summary.new_images += write_item(
                    collection=self._collection,
                    row=row,
                    images=images,
                    source=self._source,
                    by_reference=self._options.by_reference,
                )
            except IntegrityError:  # another process imported this item just now
                item = imported_items(self._collection, [row.item_id]).get(row.item_id)
                if item is None:
                    raise
                self._compare(item, row, images)
                return
        else:
            self._expect(images)
        self._summary.imported += 1
        self._summary.candidates += len(row.candidates)

    def _expect(self, images: list[ResolvedImage]) -> None:
        """Count the images that the import will find new."""
        fresh = {image.pixel_sha256 for image in images if image.known is None} - self._expected
        self._expected |= fresh
        self._summary.new_images += len(fresh)

    def _compare(self, item: Item, row: ItemRow, images: list[ResolvedImage]) -> None:
        conflict = find_conflict(item, row, images)
        if conflict is None:
            self._summary.unchanged += 1
        else:
            self._summary.conflicts += 1
            self._summary.add_problems([conflict])

    def _refuse(self, problems: list[RowProblem], *, is_unreadable: bool = False) -> None:
        rows = sum(problem.n_lines for problem in problems) if is_unreadable else 0
        self._summary.unreadable += rows
        self._summary.failed += rows or 1
        self._summary.add_problems(problems)


def _image_problems(
    row: ItemRow, images: list[ResolvedImage | ImageRefusedError]
) -> list[RowProblem]:
    return [
        row.problem(cell, code=image.code, reason=image.reason, remedy=image.remedy)
        for cell, image in zip(row.cells(), images, strict=True)
        if isinstance(image, ImageRefusedError)
    ]
