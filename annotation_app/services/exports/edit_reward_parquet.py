"""EditReward-Data rows as Parquet: one row per pair, image structs, votes left, right or tie."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from analytics.pairs.dimensions import Dimensions
from analytics.pairs.records import PairKind, Side
from annotation_app.services.exports.parquet import (
    IMAGE,
    ImageCells,
    SplitParquet,
    features_schema,
)
from annotation_app.services.exports.rows import CandidateRow, ItemRows, ScoredPairRows

# the published names of the first two dimensions; others are named by their key
PUBLISHED_NAMES = {"if": "instruction_following", "vq": "quality_aesthetic"}
SIDES = ("left", "right")


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
    for side in SIDES:
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

    def __init__(
        self, folder: Path, dimensions: Dimensions, cells: ImageCells, first_row: int = 0
    ) -> None:
        self._columns = {
            side: [score_column(side, key) for key in dimensions.names] for side in SIDES
        }
        self._cells = cells
        self._first_row = first_row
        self._files = SplitParquet(folder / "pairs", pair_schema(dimensions))

    @property
    def rows(self) -> int:
        return self._files.rows

    @property
    def embedded_bytes(self) -> int:
        return self._files.embedded_bytes

    def add(self, rows: ItemRows) -> None:
        """Append an item's pairs."""
        facts = rows.facts
        shared = {
            "key": facts["item_id"],
            "instruction": facts["instruction"],
            "source_img": self._cells.cell(facts["source_image"], rows.source),
        }
        index = 0
        for view in rows.views:
            index = self._add_view(rows, view, shared, index)

    def close(self) -> None:
        """End the files."""
        self._files.close()

    def _add_view(
        self, rows: ItemRows, view: ScoredPairRows, shared: dict[str, Any], index: int
    ) -> int:
        sides = {
            side: {name: self._side(side, one) for name, one in view.candidates.items()}
            for side in SIDES
        }
        key = f"{shared['key']}:{view.pairs.rater}" if view.pairs.rater else shared["key"]
        seen: set[frozenset[str]] = set()
        for pair in view.pairs.rows:
            both = frozenset((pair.preferred, pair.other))
            if both in seen:  # the second row of a tie
                continue
            seen.add(both)
            preferred_left = pair.preferred_side is Side.LEFT
            left, right = pair.preferred, pair.other
            if not preferred_left:
                left, right = right, left
            vote = "leftvote" if preferred_left else "rightvote"
            row = {
                **shared,
                "unique_key": f"{key}:{left}:{right}",
                "pair_index": index,
                **sides["left"][left],
                **sides["right"][right],
                "vote_type": vote if pair.kind is PairKind.STRICT else "tie",
                "metadata_index": self._first_row + self.rows,
            }
            self._files.add(rows.item.split, row, self._weight(rows, view, left, right))
            index += 1
        return index

    def _side(self, side: str, candidate: CandidateRow) -> dict[str, Any]:
        return {
            f"{side}_output_image": self._cells.cell(candidate.image, candidate.path),
            f"{side}_model": candidate.facts["generator"],
            f"{side}_overall_score": candidate.overall,
            **dict(zip(self._columns[side], candidate.scores, strict=True)),
            f"{side}_img_rel": candidate.path,
        }

    def _weight(self, rows: ItemRows, view: ScoredPairRows, left: str, right: str) -> int:
        ends = view.candidates[left].image, view.candidates[right].image
        return self._cells.weight(rows.facts["source_image"], *ends)
