"""EditReward-Data rows as Parquet: one row per pair, image structs, votes left, right or tie."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from analytics.pairs.build import ItemPairs
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.records import Pair, PairKind, Side
from annotation_app.services.exports.parquet import (
    IMAGE,
    ImageCells,
    SplitParquet,
    features_schema,
)
from annotation_app.services.exports.rows import CandidateRow, ItemRows

# the published names of the first two dimensions; others are named by their key
PUBLISHED_NAMES = {"if": "instruction_following", "vq": "quality_aesthetic"}


def score_column(side: str, key: str) -> str:
    """The published column of a dimension's score."""
    return f"{side}_{PUBLISHED_NAMES.get(key, key)}_score"


def pair_schema(dimensions: Dimensions) -> pa.Schema:
    """The columns of EditReward-Data."""
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
    }
    for side in ("left", "right"):
        fields[f"{side}_overall_score"] = pa.float64()
        fields |= {score_column(side, key): pa.float64() for key in dimensions.names}
    fields |= {
        "vote_type": pa.string(),
        "metadata_index": pa.int64(),
        "left_img_rel": pa.string(),
        "right_img_rel": pa.string(),
    }
    return features_schema(fields)


class EditRewardParquet:
    """Writes `pairs/<split>.parquet`: strict pairs, and each tie once."""

    def __init__(self, folder: Path, dimensions: Dimensions, cells: ImageCells) -> None:
        self._columns = {
            side: [score_column(side, key) for key in dimensions.names]
            for side in ("left", "right")
        }
        self._cells = cells
        self._files = SplitParquet(folder / "pairs", pair_schema(dimensions))

    @property
    def rows(self) -> int:
        return self._files.rows

    def add(self, rows: ItemRows, pairs: ItemPairs) -> None:
        """Append an item's pairs."""
        seen: set[frozenset[str]] = set()
        for pair in pairs.rows:
            both = frozenset((pair.preferred, pair.other))
            if both not in seen:
                seen.add(both)
                self._add(rows, pair, len(seen) - 1)

    def close(self) -> None:
        """End the files."""
        self._files.close()

    def _add(self, rows: ItemRows, pair: Pair, index: int) -> None:
        first, second = rows.candidates[pair.preferred], rows.candidates[pair.other]
        preferred_left = pair.preferred_side is Side.LEFT
        left, right = (first, second) if preferred_left else (second, first)
        vote = "tie"
        if pair.kind is PairKind.STRICT:
            vote = "leftvote" if preferred_left else "rightvote"
        facts, cell = rows.facts, self._cells.cell
        names = f"{left.facts['candidate_id']}:{right.facts['candidate_id']}"
        row = {
            "key": facts["item_id"],
            "unique_key": f"{facts['item_id']}:{names}",
            "pair_index": index,
            "instruction": facts["instruction"],
            "source_img": cell(facts["source_image"], rows.source),
            "left_output_image": cell(left.image, left.path),
            "right_output_image": cell(right.image, right.path),
            "left_model": left.facts["generator"],
            "right_model": right.facts["generator"],
            **self._scores("left", left),
            **self._scores("right", right),
            "vote_type": vote,
            "metadata_index": self.rows,
            "left_img_rel": left.path,
            "right_img_rel": right.path,
        }
        weight = self._cells.weight(facts["source_image"], left.image, right.image)
        self._files.add(rows.item.split, row, weight)

    def _scores(self, side: str, candidate: CandidateRow) -> dict[str, Any]:
        scores = dict(zip(self._columns[side], candidate.scores, strict=True))
        return {f"{side}_overall_score": candidate.overall, **scores}
