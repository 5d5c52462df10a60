"""What `datasets.load_dataset` needs to open an export's folder: configurations by name.

All configurations of a folder go through one reader of that library. If rows embed or reference
their images, it reads the Parquet files themselves. It does not resolve paths of copied images in
them, so for these there is an index per split at the top of the folder, where its reader of image
folders resolves them.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotation_app.services.exports.options import ImageMode
from annotation_app.services.exports.parquet import IMAGE

FULL = "full"  # the one split of tables that name each row's split in a column
SPLIT_TABLES = {"pairs": "pairs", "trl": "trl"}
WHOLE_TABLES = ("pointwise", "ratings")
SPLITS = ("train", "validation", "test", "quarantine", "excluded")
PICTURES = "images/*.webp"

Config = dict[str, Any]
Step = Callable[[], None]


def write_configs(folder: Path, images: ImageMode, step: Step) -> list[Config]:
    """The configurations of a finished folder, the first one the default; writes indices.

    Args:
        folder: with all its tables.
        images: where they are.
        step: called again and again; it may raise to stop.
    """
    configs = _configs(folder, images, step)
    return [{**config, "default": True} if config is configs[0] else config for config in configs]


def _configs(folder: Path, images: ImageMode, step: Step) -> list[Config]:
    tables = _tables(folder)
    if not tables:
        return _json_config(folder)
    if images is ImageMode.COPIED:
        return [
            _indexed(folder, name, splits, step)
            for name, splits in tables.items()
            if _image_columns(next(iter(splits.values()))[0])
        ]
    return [
        _config(
            name,
            {
                split: [path.relative_to(folder).as_posix() for path in paths]
                for split, paths in splits.items()
            },
        )
        for name, splits in tables.items()
    ]


def _tables(folder: Path) -> dict[str, dict[str, list[Path]]]:
    tables: dict[str, dict[str, list[Path]]] = {}
    for name in SPLIT_TABLES:
        found = {split: _shards(folder / name, split) for split in SPLITS}
        splits = {split: paths for split, paths in found.items() if paths}
        if splits:
            tables[name] = splits
    for name in WHOLE_TABLES:
        if paths := _shards(folder, name):
            tables[name] = {FULL: paths}
    return tables


def _shards(folder: Path, stem: str) -> list[Path]:
    whole = folder / f"{stem}.parquet"
    return [whole] if whole.is_file() else sorted(folder.glob(f"{stem}-*-of-*.parquet"))


def _json_config(folder: Path) -> list[Config]:
    splits = {split: [f"{split}.json"] for split in SPLITS if (folder / f"{split}.json").is_file()}
    return [_config("edit_reward_json", splits)] if splits else []


def _config(name: str, splits: dict[str, list[str]]) -> Config:
    files = [{"split": split, "path": paths} for split, paths in splits.items()]
    return {"config_name": name, "data_files": files}


def _indexed(folder: Path, name: str, splits: dict[str, list[Path]], step: Step) -> Config:
    names = {split: f"{name}-{split}.parquet" for split in splits}
    for split, shards in splits.items():
        _write_index(folder / names[split], shards, step)
    config = _config(name, {split: [index, PICTURES] for split, index in names.items()})
    return config | {"metadata_filenames": list(names.values())}


def _write_index(path: Path, shards: list[Path], step: Step) -> None:
    """The same rows with image paths in columns whose names say so to the image reader."""
    schema = _index_schema(pq.read_schema(shards[0]))
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in _batches(shards):
            step()
            columns = [_paths(batch.column(place)) for place in range(batch.num_columns)]
            writer.write_batch(pa.record_batch(columns, schema=schema))


def _batches(shards: list[Path]) -> Iterator[pa.RecordBatch]:
    for shard in shards:
        with pq.ParquetFile(shard) as file:
            yield from file.iter_batches()


def _index_schema(schema: pa.Schema) -> pa.Schema:
    fields: list[pa.Field[Any]] = []
    for field in schema:
        if field.type.equals(IMAGE):
            fields.append(pa.field(f"{field.name}_file_name", pa.string()))
        elif _holds_images(field.type):
            paths: pa.DataType = pa.list_(pa.string())
            fields.append(pa.field(f"{field.name}_file_names", paths))
        else:
            fields.append(field)
    return pa.schema(fields)


def _paths(column: "pa.Array[Any]") -> "pa.Array[Any]":
    """The paths in a column of images; any other column as it is."""
    if isinstance(column, pa.StructArray) and column.type.equals(IMAGE):
        return column.field("path")
    if isinstance(column, pa.ListArray) and _holds_images(column.type):
        return pa.ListArray.from_arrays(column.offsets, _paths(column.values))
    return column


def _image_columns(path: Path) -> list[str]:
    return [
        field.name
        for field in pq.read_schema(path)
        if field.type.equals(IMAGE) or _holds_images(field.type)
    ]


def _holds_images(kind: pa.DataType) -> bool:
    return pa.types.is_list(kind) and kind.value_type.equals(IMAGE)
