"""One table in the formats that people open: CSV with escaped formulas, JSONL, Parquet."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

ROWS_AT_ONCE = 10_000
# a spreadsheet takes a cell that begins so for a formula
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def escape_cell(value: Any) -> Any:  # noqa: ANN401 - any cell
    """A cell's value that no spreadsheet runs: text that looks like a formula gets a quote."""
    if isinstance(value, list | dict):
        return escape_cell(json.dumps(value, ensure_ascii=False))
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value


class TableFiles:
    """Writes the same rows to `<stem>.jsonl`, `<stem>.csv` and, with a schema, `<stem>.parquet`."""

    def __init__(
        self, folder: Path, stem: str, columns: list[str], schema: pa.Schema | None = None
    ) -> None:
        self._lines = (folder / f"{stem}.jsonl").open("w", encoding="utf-8")
        self._table = (folder / f"{stem}.csv").open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._table, lineterminator="\n")
        self._csv.writerow(columns)
        self._columns = columns
        self._parquet = (
            None
            if schema is None
            else pq.ParquetWriter(folder / f"{stem}.parquet", schema, compression="zstd")
        )
        self._schema = schema
        self._waiting: list[dict[str, Any]] = []
        self.rows = 0

    def add(self, row: dict[str, Any]) -> None:
        """Append a row to every file."""
        self._lines.write(json.dumps(row, ensure_ascii=False) + "\n")
        self._csv.writerow([escape_cell(row[name]) for name in self._columns])
        self.rows += 1
        if self._parquet is not None:
            self._waiting.append(row)
            if len(self._waiting) == ROWS_AT_ONCE:
                self._flush()

    def close(self) -> None:
        """End the files."""
        self._flush()
        if self._parquet is not None:
            self._parquet.close()
        self._lines.close()
        self._table.close()

    def _flush(self) -> None:
        if self._parquet is not None and self._waiting:
            self._parquet.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting = []
