"""One table in the formats that people open: CSV with escaped formulas, JSONL, Parquet."""

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from analytics.tabular.delimited import FORMULA_SIGNS
from annotation_app.services.exports.lines import json_line
from annotation_app.services.exports.parquet import (
    EMBEDDED_BYTES_AT_ONCE,
    IMAGE,
    ROWS_AT_ONCE,
    ImageCells,
    parquet_writer,
)

# Excel takes a CSV for UTF-8 only if this byte order mark begins it. Files that people download to
# look at have it; those of dataset versions have none: programs read them, and they never change.
EXCEL_MARK = "\ufeff"


def escape_cell(value: Any) -> Any:  # noqa: ANN401 - any cell
    """A cell's value that no spreadsheet runs: text that looks like a formula gets a quote."""
    if isinstance(value, list | dict):
        return escape_cell(json.dumps(value, ensure_ascii=False))
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value


class TableFiles:
    """Writes the same rows to `<stem>.jsonl`, `<stem>.csv` and `<stem>.parquet`.

    Args:
        folder: of the files.
        stem: of their names.
        schema: of the rows; an image column is a path in JSONL and CSV, a struct in Parquet.
        cells: the contents of Parquet's image columns.
        with_head: whether the CSV begins with the names of its columns.
    """

    def __init__(
        self, folder: Path, stem: str, schema: pa.Schema, cells: ImageCells, *, with_head: bool
    ) -> None:
        self._lines = (folder / f"{stem}.jsonl").open("w", encoding="utf-8")
        self._table = (folder / f"{stem}.csv").open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._table, lineterminator="\n")
        if with_head:
            self._csv.writerow(schema.names)
        self._columns = schema.names
        self._images = [field.name for field in schema if field.type.equals(IMAGE)]
        self._cells = cells
        self._parquet = parquet_writer(folder / f"{stem}.parquet", schema)
        self._schema = schema
        self._waiting: list[dict[str, Any]] = []
        self._weight = 0
        self.rows = 0
        self.embedded_bytes = 0

    def add(self, row: dict[str, Any], images: dict[str, dict[str, Any]]) -> None:
        """Append a row to every file.

        Args:
            row: with a path in each image column.
            images: the facts of the image in each image column.
        """
        self._lines.write(json_line(row))
        self._csv.writerow([escape_cell(row[name]) for name in self._columns])
        cells = {name: self._cells.cell(images[name], row[name]) for name in self._images}
        weight = self._cells.weight(*images.values())
        self._waiting.append(row | cells)
        self._weight += weight
        self.embedded_bytes += weight
        self.rows += 1
        if len(self._waiting) == ROWS_AT_ONCE or self._weight >= EMBEDDED_BYTES_AT_ONCE:
            self._flush()

    def close(self) -> None:
        """End the files."""
        self._flush()
        self._parquet.close()
        self._lines.close()
        self._table.close()

    def _flush(self) -> None:
        if self._waiting:
            self._parquet.write_table(pa.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting, self._weight = [], 0
