"""What ``score`` is given: a folder, an archive or one table; finds and reads its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from analytics.tabular.columns import require_columns
from analytics.tabular.items import CANDIDATE_ID, CANDIDATES, ITEM_COLUMNS, ITEM_ID
from analytics.tabular.reading import PARQUET, is_table, open_table, suffix_of
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow
from modeling.cli.trees import ZIP, FolderTree, Tree, open_tree, unpacking

# An export's manifest.json lists its files: beside groups.jsonl it is not a list of items.
MANIFESTS = (
    *("manifest.jsonl", "manifest.csv", "manifest.parquet", "manifest.tsv", "manifest.ndjson"),
    *("groups.jsonl", "manifest.json"),
)
SHARDED = re.compile(r"-\d{5}-of-\d{5}\.\w+$")  # as Hugging Face names the parts of a table
KNOWN = (*sorted(ITEM_COLUMNS), CANDIDATE_ID, "image", "model", "seed")
READING = ReadOptions(known=KNOWN, item_column=ITEM_ID)
NEEDED = {name: (name,) for name in (ITEM_ID, "instruction", "source_image")} | {
    CANDIDATES: (CANDIDATES, CANDIDATE_ID)
}


@dataclass(slots=True)
class Source:
    """Tables, and the tree that contains them.

    Attributes:
        tree: of the tables and of the images that they name.
        tables: their names, in order.
        folder: of the tree; paths of images are relative to it.
        rows_read: how many rows were read so far.
        notes: what had to be guessed, each a sentence.
    """

    tree: Tree
    tables: tuple[str, ...]
    folder: str = ""
    rows_read: int = 0
    notes: list[str] = field(default_factory=list)

    def rows(self) -> Iterator[TableRow | RowProblem]:
        """Every row of every table, read or reported.

        Raises:
            TableError: a table cannot be read at all, or lacks a column.
        """
        for name in self.tables:
            with unpacking(name), self.tree.open(name) as file:
                table = open_table(file, name, READING)
                require_columns(table, NEEDED)
                self.notes += table.notes
                for row in table.rows:
                    self.rows_read += 1
                    yield row


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a folder, a ZIP archive or a single table.

    Raises:
        TableError: it has no table, or several, of which one must be named.
        OSError: it cannot be opened.
    """
    if path.is_dir() or path.suffix.lower() == ZIP:
        with open_tree(path) as tree:
            yield _find_tables(tree, path)
    else:
        yield Source(FolderTree(path.parent), (path.name,))


def _find_tables(tree: Tree, path: Path) -> Source:
    if at_top := [name for name in MANIFESTS if tree.has(name)]:
        return _manifest(tree, path, at_top)
    names = tree.names()
    manifests = [name for name in names if PurePosixPath(name).name in MANIFESTS]
    if manifests:
        return _manifest(tree, path, manifests)
    # a Hugging Face dataset: numbered files, those of Parquet with the images inside
    shards = [name for name in names if suffix_of(name) == PARQUET]
    shards = shards or [name for name in names if is_table(name) and SHARDED.search(name)]
    if shards:
        return Source(tree, tuple(shards))
    raise TableError(
        f"{path} contains none of {', '.join(MANIFESTS)} and no Parquet files."
        " Add a manifest next to the images, or name the table itself."
    )


def _manifest(tree: Tree, path: Path, names: list[str]) -> Source:
    """The manifest nearest to the top; of one folder's several the first in `MANIFESTS`."""
    depth = min(name.count("/") for name in names)
    nearest = [PurePosixPath(name) for name in names if name.count("/") == depth]
    folders = sorted({str(name.parent) for name in nearest})
    if len(folders) > 1:
        raise TableError(
            f"{path} contains manifests in several folders: {', '.join(folders)}. Name one of them."
        )
    chosen, *others = sorted(nearest, key=lambda name: MANIFESTS.index(name.name))
    notes = [f"{chosen} is read, {other} is not." for other in others]
    folder = "" if folders[0] == "." else folders[0]
    return Source(tree, (str(chosen),), folder, notes=notes)
