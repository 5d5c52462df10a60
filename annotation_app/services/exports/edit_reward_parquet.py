"""EditReward-Data rows as Parquet: one row per pair, image structs, votes left, right or tie."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.pairs.build import ItemPairs
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.records import Pair, PairKind, Side
from annotation_app.services.exports.images import ImageShelf
from annotation_app.services.exports.items import ExportItem
from annotation_app.services.exports.rows import candidate_scores, candidates_by_id, number

ROWS_AT_ONCE = 2000
EMBEDDED_ROWS_AT_ONCE = 50
IMAGE = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
IMAGE_COLUMNS = ("source_img", "left_output_image", "right_output_image")
# the published names of the first two dimensions; others are named by their key
PUBLISHED_NAMES = {"if": "instruction_following", "vq": "quality_aesthetic"}


def score_column(side: str, key: str) -> str:
    """The published column of a dimension's score."""
    return f"{side}_{PUBLISHED_NAMES.get(key, key)}_score"


def pair_schema(dimensions: Dimensions) -> pa.Schema:
    """The columns of EditReward-Data, with the features that `datasets` reads."""
    fields: list[tuple[str, Any]] = [
        ("key", pa.string()),
        ("unique_key", pa.string()),
        ("pair_index", pa.int32()),
        ("instruction", pa.string()),
        *((name, IMAGE) for name in IMAGE_COLUMNS),
        ("left_model", pa.string()),
        ("right_model", pa.string()),
    ]
    for side in ("left", "right"):
        fields.append((f"{side}_overall_score", pa.float64()))
        fields += [(score_column(side, key), pa.float64()) for key in dimensions.names]
    fields += [
        ("vote_type", pa.string()),
        ("metadata_index", pa.int64()),
        ("left_img_rel", pa.string()),
        ("right_img_rel", pa.string()),
    ]
    return pa.schema(fields, metadata={b"huggingface": _features(fields)})


def _features(fields: list[tuple[str, Any]]) -> bytes:
    features = {
        name: {"_type": "Image"} if kind is IMAGE else {"dtype": str(kind), "_type": "Value"}
        for name, kind in fields
    }
    for feature in features.values():
        if feature.get("dtype") == "double":
            feature["dtype"] = "float64"
    return json.dumps({"info": {"features": features}}).encode()


class EditRewardParquet:
    """Writes `pairs/<split>.parquet`; images referenced in `images/`, or embedded."""

    def __init__(
        self, folder: Path, dimensions: Dimensions, shelf: ImageShelf, *, embed: bool
    ) -> None:
        self._folder = folder / "pairs"
        self._folder.mkdir(exist_ok=True)
        self._root = folder
        self._dimensions = dimensions
        self._shelf = shelf
        self._embed = embed
        self._schema = pair_schema(dimensions)
        self._batch = EMBEDDED_ROWS_AT_ONCE if embed else ROWS_AT_ONCE
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self.rows = 0

    def add(self, item: ExportItem, pairs: ItemPairs) -> None:
        """Append an item's pairs: strict ones, and each tie once."""
        known = candidates_by_id(item)
        seen: set[frozenset[str]] = set()
        for pair in pairs.rows:
            both = frozenset((pair.preferred, pair.other))
            if both in seen:
                continue
            seen.add(both)
            self._write(item.split, self._row(item, pair, known, len(seen) - 1))

    def close(self) -> None:
        """Write what waits and end the files."""
        for split in list(self._waiting):
            self._flush(split)
        for writer in self._writers.values():
            writer.close()

    def _row(
        self, item: ExportItem, pair: Pair, known: dict[str, dict[str, Any]], index: int
    ) -> dict[str, Any]:
        first, second = known[pair.preferred], known[pair.other]
        preferred_left = pair.preferred_side is Side.LEFT
        left, right = (first, second) if preferred_left else (second, first)
        vote = "tie"
        if pair.kind is PairKind.STRICT:
            vote = "leftvote" if preferred_left else "rightvote"
        item_id = item.facts["item_id"]
        left_path, right_path = self._shelf.place(left["image"]), self._shelf.place(right["image"])
        return {
            "key": item_id,
            "unique_key": f"{item_id}:{left['candidate_id']}:{right['candidate_id']}",
            "pair_index": index,
            "instruction": item.facts["instruction"],
            "source_img": self._image(self._shelf.place(item.facts["source_image"])),
            "left_output_image": self._image(left_path),
            "right_output_image": self._image(right_path),
            "left_model": left["generator"],
            "right_model": right["generator"],
            **self._scores("left", item, left),
            **self._scores("right", item, right),
            "vote_type": vote,
            "metadata_index": self.rows,
            "left_img_rel": left_path,
            "right_img_rel": right_path,
        }

    def _image(self, path: str) -> dict[str, Any]:
        content = (self._root / path).read_bytes() if self._embed else None
        return {"bytes": content, "path": path}

    def _scores(self, side: str, item: ExportItem, candidate: dict[str, Any]) -> dict[str, Any]:
        scores, overall = candidate_scores(item, candidate, self._dimensions)
        named = {
            score_column(side, key): number(score)
            for key, score in zip(self._dimensions.names, scores, strict=True)
        }
        return {f"{side}_overall_score": number(overall), **named}

    def _write(self, split: str, row: dict[str, Any]) -> None:
        waiting = self._waiting.setdefault(split, [])
        waiting.append(row)
        self.rows += 1
        if len(waiting) >= self._batch:
            self._flush(split)

    def _flush(self, split: str) -> None:
        rows = self._waiting.pop(split, [])
        if not rows:
            return
        if split not in self._writers:
            self._writers[split] = pq.ParquetWriter(
                self._folder / f"{split}.parquet", self._schema, compression="zstd"
            )
        self._writers[split].write_table(pa.Table.from_pylist(rows, schema=self._schema))
