"""Point-wise rows: one per candidate with its final scores and what is behind them."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from annotation_app.services.exports.parquet import IMAGE, ImageCells, features_schema
from annotation_app.services.exports.rows import CandidateRow, ItemRows, number
from annotation_app.services.exports.tables import TableFiles

TEXTS = (
    "item_id",
    "candidate_id",
    "split",
    "instruction",
    "category",
    "source_dataset",
    "licence",
    "generator",
)
LEVEL = pa.struct([("annotator", pa.string()), ("level", pa.int32())])


def pointwise_schema(keys: tuple[str, ...]) -> pa.Schema:
    """Texts, images, then per dimension scores, provenance, count and levels."""
    fields: dict[str, pa.DataType] = dict.fromkeys(TEXTS, pa.string())
    fields |= {"seed": pa.int64(), "source_image": IMAGE, "image": IMAGE}
    for key in keys:
        fields |= {
            f"{key}_score": pa.float64(),
            f"{key}_provenance": pa.string(),
            f"{key}_facet_score": pa.float64(),
            f"{key}_raters": pa.int32(),
            f"{key}_levels": pa.list_(LEVEL),
        }
    return features_schema(fields | {"overall_score": pa.float64()})


class Pointwise:
    """Writes `pointwise.jsonl`, `.csv` and `.parquet`."""

    def __init__(
        self, folder: Path, keys: tuple[str, ...], cells: ImageCells, *, with_head: bool
    ) -> None:
        self._keys = keys
        schema = pointwise_schema(keys)
        self._files = TableFiles(folder, "pointwise", schema, cells, with_head=with_head)

    @property
    def rows(self) -> int:
        return self._files.rows

    @property
    def embedded_bytes(self) -> int:
        return self._files.embedded_bytes

    def add(self, rows: ItemRows) -> None:
        """Append an item's candidates."""
        for candidate in rows.candidates.values():
            images = {"source_image": rows.facts["source_image"], "image": candidate.image}
            self._files.add(self._row(rows, candidate), images)

    def close(self) -> None:
        """End the files."""
        self._files.close()

    def _row(self, rows: ItemRows, candidate: CandidateRow) -> dict[str, Any]:
        facts, item, own = rows.facts, rows.item, candidate.facts
        row: dict[str, Any] = {name: facts.get(name, "") for name in TEXTS} | {
            "candidate_id": own["candidate_id"],
            "split": item.split,
            "generator": own["generator"],
            "seed": own["seed"],
            "source_image": rows.source,
            "image": candidate.path,
        }
        for key, score in zip(self._keys, candidate.scores, strict=True):
            where = (own["id"], key)
            given = item.raters.get(where, [])
            row |= {
                f"{key}_score": score,
                f"{key}_provenance": item.provenance.get(where),
                f"{key}_facet_score": number(item.facets.get(where)),
                f"{key}_raters": len(given),
                f"{key}_levels": [{"annotator": name, "level": level} for name, level in given],
            }
        return row | {"overall_score": candidate.overall}
