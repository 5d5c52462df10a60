"""Parquet files of an export: one per split, written in batches, with `datasets` features."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
ROWS_AT_ONCE = 5000
EMBEDDED_BYTES_AT_ONCE = 32 << 20


class SplitParquet:
    """Writes `<folder>/<split>.parquet`; a batch ends by its rows or its embedded bytes."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._schema = schema
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._weight: dict[str, int] = {}
        self.rows = 0

    def add(self, split: str, row: dict[str, Any], weight: int = 0) -> None:
        """Append a row that holds `weight` bytes of images."""
        waiting = self._waiting.setdefault(split, [])
        waiting.append(row)
        self._weight[split] = self._weight.get(split, 0) + weight
        self.rows += 1
        if len(waiting) >= ROWS_AT_ONCE or self._weight[split] >= EMBEDDED_BYTES_AT_ONCE:
            self._flush(split)

    def close(self) -> None:
        """Write what waits and end the files."""
        for split in list(self._waiting):
            self._flush(split)
        for writer in self._writers.values():
            writer.close()

    def _flush(self, split: str) -> None:
        rows = self._waiting.pop(split, [])
        self._weight[split] = 0
        if not rows:
            return
        if split not in self._writers:
            self._writers[split] = pq.ParquetWriter(
                self._folder / f"{split}.parquet", self._schema, compression="zstd"
            )
        self._writers[split].write_table(pa.Table.from_pylist(rows, schema=self._schema))


class ImageCells:
    """Cells of image columns: a path, and the bytes where images are embedded."""

    def __init__(self, content: Callable[[dict[str, Any]], bytes] | None) -> None:
        self._content = content

    def cell(self, image: dict[str, Any], path: str) -> dict[str, Any]:
        """The struct that `datasets` decodes."""
        content = self._content(image) if self._content else None
        return {"bytes": content, "path": path}

    def weight(self, *images: dict[str, Any]) -> int:
        """Bytes that these images' cells hold."""
        return sum(image["bytes"] for image in images) if self._content else 0


def features_schema(fields: Mapping[str, pa.DataType]) -> pa.Schema:
    """A schema with the features that `datasets` reads."""
    features = {name: _feature(kind) for name, kind in fields.items()}
    described = json.dumps({"info": {"features": features}}).encode()
    return pa.schema(list(fields.items()), metadata={b"huggingface": described})


def _feature(kind: pa.DataType) -> Any:  # noqa: ANN401 - nested JSON
    if kind.equals(IMAGE):
        return {"_type": "Image"}
    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    names = {"double": "float64"}
    return {"dtype": names.get(str(kind), str(kind)), "_type": "Value"}
