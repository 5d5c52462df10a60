"""Opens tables of any kind by the ending of their names; the door to this room."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from analytics.tabular.delimited import open_delimited
from analytics.tabular.json_rows import open_json, open_jsonl
from analytics.tabular.parquet_rows import count_parquet, open_parquet
from analytics.tabular.rows import ReadOptions, RowProblem, Table, TableError

Opener = Callable[[BinaryIO, str, ReadOptions], Table]
OPENERS: Mapping[str, Opener] = {
    ".jsonl": open_jsonl,
    ".csv": open_delimited,
    ".parquet": open_parquet,
    ".tsv": open_delimited,
    ".json": open_json,
    ".ndjson": open_jsonl,
    ".txt": open_delimited,
}
SUFFIXES = tuple(OPENERS)
REMEDIES: Mapping[str, str] = {
    **dict.fromkeys((".xlsx", ".xls", ".ods", ".numbers"), "Save the sheet as CSV."),
    **dict.fromkeys((".gz", ".bz2", ".xz", ".zst", ".7z", ".rar"), "Unpack it first."),
    ".zip": "Unpack it first.",
}
PARQUET = ".parquet"
COUNTED = 1 << 20  # bytes at a time


def suffix_of(name: str) -> str:
    """The ending of a file's name, in small letters."""
    return PurePosixPath(name).suffix.lower()


def is_table(name: str) -> bool:
    """Whether a file's name ends like a table's."""
    return suffix_of(name) in OPENERS


def remedy_for(name: str) -> str:
    """What to do with a file that is not a table of these kinds."""
    return REMEDIES.get(suffix_of(name), f"Give a file of {', '.join(SUFFIXES)}.")


def open_table(file: BinaryIO, name: str, options: ReadOptions | None = None) -> Table:
    """Open a table; its rows are read while the file stays open.

    Args:
        file: at its beginning.
        name: what the owner calls it; its ending says what kind it is.
        options: what is declared about it.

    Raises:
        TableError: it is of another kind, empty, or cannot be read at all.
    """
    opener = OPENERS.get(suffix_of(name))
    if opener is None:
        raise TableError(f"{name} is not a table that can be read. {remedy_for(name)}")
    return opener(file, name, options or ReadOptions())


@contextmanager
def open_table_file(
    path: Path, name: str = "", options: ReadOptions | None = None
) -> Iterator[Table]:
    """Open the table at a path.

    Raises:
        TableError: it cannot be read; OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        yield open_table(file, name or path.name, options)


def read_sound(path: Path, options: ReadOptions | None = None) -> list[dict[str, Any]]:
    """The rows of a table that must be sound, as a program's own files are.

    Raises:
        TableError: it cannot be read, or a row of it cannot; OSError: it cannot be opened.
    """
    found = []
    with open_table_file(path, options=options) as table:
        for row in table.rows:
            if isinstance(row, RowProblem):
                raise TableError(str(row))
            found.append(row.values)
    return found


def count_rows(file: BinaryIO, name: str) -> int:
    """About how many rows a table has, for a measure of progress: line breaks count as rows."""
    if suffix_of(name) == PARQUET:
        return count_parquet(file)
    return sum(part.count(b"\n") for part in iter(lambda: file.read(COUNTED), b""))
