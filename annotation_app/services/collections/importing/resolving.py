"""The images of some rows: which are known by their file, which must be decoded."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass

from annotation_app.models import Image
from annotation_app.selectors.collections.images import images_by_file
from annotation_app.services.collections.importing.rows import ImageCell, ItemRow
from annotation_app.services.collections.importing.sources import ImportSource
from annotation_app.services.images.preparing import PreparedImage, hash_file, prepare_image
from annotation_app.services.images.refusals import ImageRefusedError


@dataclass(frozen=True, slots=True)
class ResolvedImage:
    """An image of a row: the row in the database, or what is needed to write it."""

    cell: ImageCell
    known: Image | None
    prepared: PreparedImage | None

    @property
    def pixel_sha256(self) -> str:
        """The identity of the pixels."""
        if self.known is not None:
            return self.known.pixel_sha256
        return self.prepared.pixel_sha256 if self.prepared else ""


class ImageResolver:
    """Reads and decodes in threads; asks the database in the caller's thread only."""

    def __init__(self, source: ImportSource, pool: Executor, *, check_only: bool) -> None:
        self._source = source
        self._pool = pool
        self._check_only = check_only

    def resolve(self, rows: Sequence[ItemRow]) -> list[list[ResolvedImage | ImageRefusedError]]:
        """For every row its images in the order of `ItemRow.cells`, or why one is refused.

        A file that was imported before is known by its hash and not decoded again.
        """
        cells = [cell for row in rows for cell in row.cells()]
        digests = list(self._pool.map(self._digest, cells))
        known = images_by_file([digest for digest in digests if isinstance(digest, str)])
        unknown = {
            digest: cell
            for digest, cell in zip(digests, cells, strict=True)
            if isinstance(digest, str) and digest not in known
        }
        prepared = dict(zip(unknown, self._pool.map(self._prepare, unknown.values()), strict=True))
        answers = iter(
            _combine(cell, digest, known, prepared)
            for cell, digest in zip(cells, digests, strict=True)
        )
        return [[next(answers) for _ in row.cells()] for row in rows]

    def _digest(self, cell: ImageCell) -> str | ImageRefusedError:
        try:
            return hash_file(self._source.read_image(cell))
        except ImageRefusedError as error:
            return error

    def _prepare(self, cell: ImageCell) -> PreparedImage | ImageRefusedError:
        try:
            return prepare_image(self._source.read_image(cell), check_only=self._check_only)
        except ImageRefusedError as error:
            return error


def _combine(
    cell: ImageCell,
    digest: str | ImageRefusedError,
    known: dict[str, Image],
    prepared: dict[str, PreparedImage | ImageRefusedError],
) -> ResolvedImage | ImageRefusedError:
    if isinstance(digest, ImageRefusedError):
        return digest
    if digest in known:
        return ResolvedImage(cell, known[digest], None)
    answer = prepared[digest]
    if isinstance(answer, ImageRefusedError):
        return answer
    return ResolvedImage(cell, None, answer)
