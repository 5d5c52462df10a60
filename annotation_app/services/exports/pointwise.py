"""Point-wise rows: one per candidate with its final scores and what is behind them."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from analytics.pairs.build import ItemPairs
from annotation_app.services.exports.rows import ItemRows
from annotation_app.services.exports.tables import TableFiles

TEXTS = ("item_id", "candidate_id", "split", "instruction", "category", "source_dataset")
LEVEL = pa.struct([("annotator", pa.string()), ("level", pa.int32())])


def pointwise_schema(keys: tuple[str, ...]) -> pa.Schema:
    """Texts, image paths, then per dimension score, provenance, count and levels."""
    fields: list[tuple[str, pa.DataType]] = [(name, pa.string()) for name in TEXTS]
    fields += [("generator", pa.string()), ("seed", pa.int64())]
    fields += [("source_image", pa.string()), ("image", pa.string())]
    for key in keys:
        fields += [
            (f"{key}_score", pa.float64()),
            (f"{key}_provenance", pa.string()),
            (f"{key}_raters", pa.int32()),
            (f"{key}_levels", pa.list_(LEVEL)),
        ]
    fields.append(("overall_score", pa.float64()))
    return pa.schema(fields)


class Pointwise:
    """Writes `pointwise.jsonl`, `.csv` and `.parquet`."""

    def __init__(self, folder: Path, keys: tuple[str, ...]) -> None:
        schema = pointwise_schema(keys)
        self._keys = keys
        self._files = TableFiles(folder, "pointwise", schema.names, schema)

    @property
    def rows(self) -> int:
        return self._files.rows

    def add(self, rows: ItemRows, _pairs: ItemPairs) -> None:
        """Append an item's candidates."""
        facts, item = rows.facts, rows.item
        for candidate in rows.candidates.values():
            row: dict[str, Any] = {name: facts.get(name, "") for name in TEXTS} | {
                "candidate_id": candidate.facts["candidate_id"],
                "split": item.split,
                "generator": candidate.facts["generator"],
                "seed": candidate.facts["seed"],
                "source_image": rows.source,
                "image": candidate.path,
            }
            for key, score in zip(self._keys, candidate.scores, strict=True):
                where = (candidate.facts["id"], key)
                given = item.raters.get(where, [])
                row |= {
                    f"{key}_score": score,
                    f"{key}_provenance": item.provenance.get(where),
                    f"{key}_raters": len(given),
                    f"{key}_levels": [{"annotator": name, "level": level} for name, level in given],
                }
            self._files.add(row | {"overall_score": candidate.overall})

    def close(self) -> None:
        """End the files."""
        self._files.close()
