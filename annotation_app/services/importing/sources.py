"""What an import reads: finds the table in a folder, archive or file, and its images."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.conf import settings

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.images.decoding import BYTES_PER_PIXEL
from annotation_app.services.images.refusals import ImageRefusedError, Refusal
from annotation_app.services.importing.archives import ZipTree
from annotation_app.services.importing.folders import FolderTree
from annotation_app.services.importing.grouping import gather_items
from annotation_app.services.importing.members import UNPACKING_ERRORS
from annotation_app.services.importing.names import refuse_address
from annotation_app.services.importing.packing import archive_kind, other_archive
from annotation_app.services.importing.parsing import parse_items
from annotation_app.services.importing.rows import FailedRow, ImageCell, ItemRow, Record
from annotation_app.services.importing.tables import READERS, count_rows
from annotation_app.services.importing.trees import FileTree, read_limited

MANIFESTS = tuple(f"manifest{suffix}" for suffix in READERS)


@dataclass(slots=True)
class ImportSource:
    """Tables, and the tree of their images, whose paths count from `folder`."""

    tree: FileTree
    tables: tuple[str, ...]
    images: FileTree
    folder: str = ""
    rows_read: int = 0

    def items(self) -> Iterator[ItemRow | FailedRow]:
        """The items, parsed one by one."""
        return parse_items(gather_items(self._records()))

    def count_rows(self) -> int:
        """About how many rows there are; `rows_read` tells how many were taken."""
        total = 0
        for name in self.tables:
            with self._open_table(name) as file:
                total += count_rows(file, _suffix(name))
        return total

    def read_image(self, cell: ImageCell) -> bytes:
        """The bytes of an image.

        Raises:
            ImageRefusedError: if it is missing, outside the tree, unreadable or too long.
        """
        if cell.data is not None:
            return cell.data
        limit = BYTES_PER_PIXEL * settings.IMAGE_MAX_PIXELS
        try:
            return read_limited(self.images, self._path(cell), limit)
        except UNPACKING_ERRORS as error:
            raise ImageRefusedError(
                Refusal.DAMAGED,
                f"The file “{cell.path}” cannot be read ({type(error).__name__}).",
                "See to its permissions, or copy it again.",
            ) from error

    def location(self, cell: ImageCell) -> str:
        """Where an image stays if it is registered by reference."""
        return "" if cell.data is not None else self.images.location(self._path(cell))

    def _path(self, cell: ImageCell) -> str:
        if not self.folder:
            return cell.path
        refuse_address(cell.path)
        return str(PurePosixPath(self.folder, cell.path.replace("\\", "/")))

    @contextmanager
    def _open_table(self, name: str) -> Iterator[BinaryIO]:
        try:
            with self.tree.open(name) as file:
                yield file
        except UNPACKING_ERRORS as error:
            raise InvalidInputError(
                f"{name} cannot be read to its end ({type(error).__name__})."
                " See to its permissions, or copy it again."
            ) from error

    def _records(self) -> Iterator[Record | FailedRow]:
        for name in self.tables:
            with self._open_table(name) as file:
                for record in READERS[_suffix(name)](file, name):
                    self.rows_read += 1
                    yield record


@contextmanager
def open_source(path: Path, images: Path | None = None) -> Iterator[ImportSource]:
    """Open a folder, a ZIP archive or a single table.

    Args:
        path: what holds the table.
        images: a folder that image paths count from, where it is not the table's own.

    Raises:
        InvalidInputError: if there is nothing of the kind, or an archive is hostile.
    """
    is_table = path.is_file() and path.suffix.lower() in READERS
    tree = _open_tree(path.parent if is_table else path)
    try:
        tables, folder = ((path.name,), "") if is_table else _find_tables(tree, path.name)
        if images is None:
            yield ImportSource(tree=tree, tables=tables, images=tree, folder=folder)
        else:
            yield ImportSource(tree=tree, tables=tables, images=_open_tree(images))
    finally:
        tree.close()


def _open_tree(path: Path) -> FileTree:
    if path.is_dir():
        return FolderTree(path)
    if path.is_file() and path.suffix.lower() == ".zip":
        return ZipTree(path)
    if path.is_file() and (kind := archive_kind(path.name)):
        raise other_archive(path.name, kind)
    raise InvalidInputError(
        f"{path} cannot be imported. Give a folder, a .zip, or a .jsonl, .csv or .parquet file."
    )


def _find_tables(tree: FileTree, label: str) -> tuple[tuple[str, ...], str]:
    """The tables of a tree and the folder that their image paths count from."""
    for manifest in MANIFESTS:
        if (name := tree.find(manifest)) is not None:
            return (name,), ""
    names = tree.names()
    nested = [name for name in names if PurePosixPath(name).name.lower() in MANIFESTS]
    if nested:  # the one nearest to the top
        nearest = min(nested, key=lambda name: (name.count("/"), _preference(name), name))
        _require_one(nearest, nested, label)
        return (nearest,), str(PurePosixPath(nearest).parent)
    # a Hugging Face dataset: numbered Parquet files, images inside
    shards = tuple(name for name in names if _suffix(name) == ".parquet")
    if shards:
        return shards, ""
    raise InvalidInputError(
        f"{label} holds no manifest.jsonl, manifest.csv or manifest.parquet and no Parquet files."
        " Add a manifest beside the images."
    )


def _preference(name: str) -> int:
    return MANIFESTS.index(PurePosixPath(name).name.lower())


def _require_one(nearest: str, nested: list[str], label: str) -> None:
    """Refuse folders side by side, of which the others would be passed over in silence."""
    depth, folder = nearest.count("/"), PurePosixPath(nearest).parent
    for other in nested:
        if other.count("/") == depth and PurePosixPath(other).parent != folder:
            raise InvalidInputError(
                f"{label} holds “{nearest}” and “{other}”. Import one folder at a time, or put one"
                " manifest of all items at the top."
            )


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
