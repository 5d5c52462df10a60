"""A published EditReward-Data folder, built in exactly its layout."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from annotation_app.services.exports.parquet import IMAGE, features_schema
from tests.factories.files import make_image

SCORES = ("overall_score", "instruction_following_score", "quality_aesthetic_score")


def pair_schema() -> pa.Schema:
    """The published columns."""
    fields: dict[str, pa.DataType] = {
        "key": pa.string(),
        "unique_key": pa.string(),
        "pair_index": pa.int32(),
        "instruction": pa.string(),
        "source_img": IMAGE,
        "left_output_image": IMAGE,
        "right_output_image": IMAGE,
        "left_model": pa.string(),
        "right_model": pa.string(),
        **{f"{side}_{name}": pa.float64() for side in ("left", "right") for name in SCORES},
        "vote_type": pa.string(),
        "metadata_index": pa.int64(),
        "left_img_rel": pa.string(),
        "right_img_rel": pa.string(),
    }
    return features_schema(fields)


def pair_row(
    key: str, left: int, right: int, scores: dict[int, tuple[float, float]]
) -> dict[str, Any]:
    """The row of two candidates, by number; `scores` are (IF, VQ) by candidate."""
    sides: dict[str, Any] = {}
    for side, number in (("left", left), ("right", right)):
        following, quality = scores[number]
        sides |= {
            f"{side}_output_image": {"bytes": picture(key, number), "path": f"{key}/{number}.png"},
            f"{side}_model": f"editor-{number}",
            f"{side}_overall_score": following + quality,
            f"{side}_instruction_following_score": following,
            f"{side}_quality_aesthetic_score": quality,
            f"{side}_img_rel": f"{key}/{number}.png",
        }
    gap = sum(scores[left]) - sum(scores[right])
    return {
        "key": key,
        "unique_key": f"{key}:{left}:{right}",
        "pair_index": left,
        "instruction": f"Change {key}.",
        "source_img": {"bytes": picture(key, 0), "path": f"{key}/source.png"},
        **sides,
        "vote_type": "leftvote" if gap > 0 else "rightvote" if gap < 0 else "tie",
        "metadata_index": 0,
    }


def picture(key: str, number: int) -> bytes:
    """A picture of its own for every candidate of every item."""
    return make_image((20 * number, sum(key.encode()) % 256, 90))


def write_folder(folder: Path, rows: list[dict[str, Any]], *, embedded: bool = True) -> Path:
    """Write rows as two shards; without embedding, the images lie beside them."""
    data = folder / "data"
    data.mkdir(parents=True)
    if not embedded:
        rows = [_beside(folder, row) for row in rows]
    half = (len(rows) + 1) // 2
    for number, part in enumerate((rows[:half], rows[half:])):
        table = pa.Table.from_pylist(part, schema=pair_schema())
        pq.write_table(table, data / f"train-{number:05}-of-00002.parquet")
    return folder


def _beside(folder: Path, row: dict[str, Any]) -> dict[str, Any]:
    moved = dict(row)
    for column in ("source_img", "left_output_image", "right_output_image"):
        path = folder / row[column]["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(row[column]["bytes"])
        moved[column] = {"bytes": None, "path": row[column]["path"]}
    return moved
