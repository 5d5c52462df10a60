"""What an import reads: finds the table in a folder, archive or file, and its images."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from analytics.tabular.columns import ROW_NUMBER, require_columns, unknown_columns
from analytics.tabular.items import ITEM_COLUMNS, apart_items
from analytics.tabular.reading import PARQUET, SUFFIXES, count_rows, is_table, open_table, suffix_of
from analytics.tabular.rows import ReadOptions, RowProblem, Rows, TableError, TableRow
from annotation_app.exceptions import InvalidInputError
from annotation_app.services.collections.importing.archives import ZipTree
from annotation_app.services.collections.importing.folders import FolderTree
from annotation_app.services.collections.importing.grouping import gather_items
from annotation_app.services.collections.importing.members import UNPACKING_ERRORS
from annotation_app.services.collections.importing.names import refuse_address
from annotation_app.services.collections.importing.packing import archive_kind, other_archive
from annotation_app.services.collections.importing.parsing import parse_items
from annotation_app.services.collections.importing.rows import (
    CANDIDATE_COLUMNS,
    FailedRow,
    ImageCell,
    ItemRow,
)
from annotation_app.services.collections.importing.trees import FileTree, read_limited
from annotation_app.services.images.limits import image_limits
from annotation_app.services.images.refusals import ImageRefusedError, Refusal

MANIFESTS = tuple(f"manifest{suffix}" for suffix in SUFFIXES)
SHARDED = re.compile(r"-\d{5}-of-\d{5}\.\w+$")  # as Hugging Face names the parts of a table
COLUMNS = (*sorted(ITEM_COLUMNS), *sorted(CANDIDATE_COLUMNS))
ID = "item_id"
READING = ReadOptions(known=COLUMNS, item_column=ID)
IDS = replace(READING, only=(ID, "candidate_id"), batch_rows=10_000)
SHOWN = 20


@dataclass(slots=True)
class ImportSource:
    """Tables, and the tree of their images, whose paths count from `folder`.

    `label` is what problems call a single table, if not by its own name; `encoding` is that of the
    tables, where it is declared.
    """

    tree: FileTree
    tables: tuple[str, ...]
    images: FileTree
    folder: str = ""
    label: str = ""
    encoding: str | None = None
    rows_read: int = 0
    notices: list[str] = field(default_factory=list)

    def items(self) -> Iterator[ItemRow | FailedRow]:
        """The items, parsed one by one."""
        return parse_items(gather_items(self._rows(), self._apart()))

    def _apart(self) -> set[str]:
        """Items whose rows are not adjacent: found before any of them is imported."""
        try:
            return apart_items(row for name in self.tables for row in self._ids(name))
        except TableError:
            return set()  # the reading itself will tell

    def _ids(self, name: str) -> Rows:
        with self._open_table(name) as file:
            yield from open_table(file, name, replace(IDS, encoding=self.encoding)).rows

    def count_rows(self) -> int:
        """About how many rows there are; `rows_read` is how many were taken."""
        total = 0
        for name in self.tables:
            with self._open_table(name) as file:
                total += count_rows(file, name)
        return total

    def read_image(self, cell: ImageCell) -> bytes:
        """The bytes of an image.

        Raises:
            ImageRefusedError: if it is missing, outside the tree, unreadable or too long.
        """
        if cell.data is not None:
            return cell.data
        try:
            return read_limited(self.images, self._path(cell), image_limits().file_bytes)
        except UNPACKING_ERRORS as error:
            raise ImageRefusedError(
                Refusal.DAMAGED,
                f"The file “{cell.path}” cannot be read ({type(error).__name__}).",
                "Check its permissions, or copy it again.",
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
                " Check its permissions, or copy it again."
            ) from error

    def _rows(self) -> Rows:
        for name in self.tables:
            with self._open_table(name) as file:
                yield from self._table_rows(file, self.label or name)
        if not self.rows_read:
            raise InvalidInputError(
                f"{', '.join(self.tables[:SHOWN])} has a header row but no other rows."
            )

    def _table_rows(self, file: BinaryIO, name: str) -> Rows:
        try:
            table = open_table(file, name, replace(READING, encoding=self.encoding))
            require_columns(table, {ID: (ID,)})
        except TableError as error:
            raise InvalidInputError(str(error)) from error
        self._note(table.notes)
        n_rows = 0
        for row in table.rows:
            n_rows += 1
            self.rows_read += 1
            yield self._without_numbers(row)
        if not n_rows:
            self._note([f"{name} has no rows."])
        extra = [
            column for column in unknown_columns(table, COLUMNS) if not ROW_NUMBER.fullmatch(column)
        ]
        if extra:
            listed = ", ".join(f"“{column[:60]}”" for column in extra[:SHOWN])
            more = f" and {len(extra) - SHOWN:,} more" if len(extra) > SHOWN else ""
            self._note([f"Columns kept as metadata: {listed}{more}."])

    def _without_numbers(self, row: TableRow | RowProblem) -> TableRow | RowProblem:
        """A row without the numbers that pandas and R write before or among its cells."""
        values = row.values if isinstance(row, TableRow) else {}
        numbers = [
            column
            for column, value in values.items()
            if ROW_NUMBER.fullmatch(column) and str(value).isdecimal()
        ]
        if numbers:
            self._note([f"The column of row numbers is ignored: “{numbers[0]}”."])
        for column in numbers:
            del values[column]
        return row

    def _note(self, notices: list[str]) -> None:
        self.notices += [notice for notice in notices if notice not in self.notices]


@contextmanager
def open_source(
    path: Path, images: Path | None = None, label: str = "", encoding: str | None = None
) -> Iterator[ImportSource]:
    """Open a folder, a ZIP archive or a single table.

    Args:
        path: the folder, archive or table.
        images: the folder that image paths are relative to, if not the table's folder.
        label: the name of a single table in problems; the file's name by default.
        encoding: of the tables, where it is declared.

    Raises:
        InvalidInputError: if the path is none of these, or an archive is hostile.
    """
    is_single = path.is_file() and is_table(path.name)
    tree = _open_tree(path.parent if is_single else path)
    try:
        found = _Found((path.name,)) if is_single else _find_tables(tree, path.name)
        is_own = images is None
        yield ImportSource(
            tree=tree,
            tables=found.tables,
            images=tree if images is None else _open_tree(images),
            folder=found.folder if is_own else "",
            label=label if is_single and is_table(label) else "",
            encoding=encoding,
            notices=list(found.notices),
        )
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
        f"{path} cannot be imported. Give a folder, a .zip, or a file of {', '.join(SUFFIXES)}."
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """The tables of a tree, the folder that their image paths count from, and what to say."""

    tables: tuple[str, ...]
    folder: str = ""
    notices: tuple[str, ...] = ()


def _find_tables(tree: FileTree, label: str) -> _Found:
    """Find the manifest nearest to the top; without one, the shards of a Hugging Face dataset.

    Raises:
        InvalidInputError: there is no table, or several of equal rank.
    """
    top = [name for manifest in MANIFESTS if (name := tree.find(manifest)) is not None]
    if top:
        return _Found((top[0],), notices=_left_alone(top[:1], top[1:]))
    names = tree.names()
    nested = sorted(
        (name for name in names if PurePosixPath(name).name.lower() in MANIFESTS),
        key=lambda name: (name.count("/"), str(PurePosixPath(name).parent), _rank(name)),
    )
    if nested:
        return _nearest(nested, label)
    shards = [name for name in names if suffix_of(name) == PARQUET]
    shards = shards or [name for name in names if is_table(name) and SHARDED.search(name)]
    if shards:
        return _Found(tuple(shards))
    raise InvalidInputError(
        f"{label} contains neither a manifest.jsonl, manifest.csv or manifest.parquet nor Parquet"
        " files. Add a manifest next to the images."
    )


def _nearest(nested: list[str], label: str) -> _Found:
    chosen = nested[0]
    folder = PurePosixPath(chosen).parent
    beside = [name for name in nested[1:] if name.count("/") == chosen.count("/")]
    rivals = [name for name in beside if PurePosixPath(name).parent != folder]
    if rivals:
        raise InvalidInputError(
            f"{label} contains several manifests: {', '.join([chosen, *rivals][:5])}. Import each"
            " folder by itself, or put all rows into one manifest."
        )
    return _Found((chosen,), str(folder), _left_alone([chosen], nested[1:]))


def _rank(name: str) -> int:
    return MANIFESTS.index(PurePosixPath(name).name.lower())


def _left_alone(taken: list[str], others: list[str]) -> tuple[str, ...]:
    if not others:
        return ()
    return (f"{taken[0]} is read; {', '.join(others[:5])} is ignored.",)
