"""Parquet files of an export: one per split, written in batches, with `datasets` features."""

import json
from collections.abc import Callable, Iterator, Mapping
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
        self.embedded_bytes = 0

    def add(self, split: str, row: dict[str, Any], weight: int = 0) -> None:
        """Append a row that contains `weight` bytes of images."""
        waiting = self._waiting.setdefault(split, [])
        waiting.append(row)
        self._weight[split] = self._weight.get(split, 0) + weight
        self.rows += 1
        self.embedded_bytes += weight
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
            path = self._folder / f"{split}.parquet"
            self._writers[split] = parquet_writer(path, self._schema)
        self._writers[split].write_table(pa.Table.from_pylist(rows, schema=self._schema))


def parquet_writer(path: Path, schema: pa.Schema) -> pq.ParquetWriter:
    """A writer that compresses everything except images, which are compressed already."""
    leaves = [name for field in schema for name in _leaves(field, field.name)]
    pictures = {name for name in leaves if name.endswith(".bytes")}
    return pq.ParquetWriter(
        path,
        schema,
        compression={name: "none" if name in pictures else "zstd" for name in leaves},
        use_dictionary=[name for name in leaves if name not in pictures],  # type: ignore[arg-type]  # the stubs lack lists
        write_statistics=[name for name in leaves if name not in pictures],
    )


def _leaves(field: "pa.Field[Any]", path: str) -> Iterator[str]:
    """The names that Parquet gives to a column's leaves."""
    kind = field.type
    if pa.types.is_list(kind):
        yield from _leaves(kind.value_field, f"{path}.list.element")
    elif pa.types.is_struct(kind):
        for part in kind:
            yield from _leaves(part, f"{path}.{part.name}")
    else:
        yield path


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
    names = {"double": "float64", "bool": "bool"}
    return {"dtype": names.get(str(kind), str(kind)), "_type": "Value"}
