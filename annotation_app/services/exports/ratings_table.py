"""Rating rows: one per score that a rater gave, for anyone's own agreement analysis."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from annotation_app.selectors.exports.ratings import GivenScore, RaterRating
from annotation_app.services.exports.parquet import ImageCells, features_schema
from annotation_app.services.exports.rows import ItemRows
from annotation_app.services.exports.tables import TableFiles

TEXT, WHOLE, REAL = pa.string(), pa.int32(), pa.float64()
RATINGS_SCHEMA = features_schema(
    {
        "item_id": TEXT,
        "candidate_id": TEXT,
        "generator": TEXT,
        "split": TEXT,
        "annotator": TEXT,
        "dimension": TEXT,
        "level": WHOLE,
        "scale": TEXT,
        "missing_reason": TEXT,
        "seconds": REAL,
        "order_on_screen": WHOLE,
        "aids": TEXT,
        "rubric": TEXT,
        "guideline_version": WHOLE,
        "task_kind": TEXT,
        "design": TEXT,
        "selection_probability": REAL,
        "given_at": TEXT,
    }
)


class Ratings:
    """Writes `ratings.jsonl`, `.csv` and `.parquet`; raters appear by pseudonym.

    `seconds` is the active time on the whole item, so it repeats in the rows of one rating;
    `scale` is the dimension's declared levels, as `1|2|3|4`; `order_on_screen` counts from 1;
    `aids` is JSON, the inspection aids used on that candidate.
    """

    def __init__(
        self, folder: Path, rubric: str, levels: Mapping[str, Sequence[int]], *, with_head: bool
    ) -> None:
        self._rubric = rubric
        self._scales = {key: "|".join(map(str, values)) for key, values in levels.items()}
        cells = ImageCells(None)
        self._files = TableFiles(folder, "ratings", RATINGS_SCHEMA, cells, with_head=with_head)

    @property
    def rows(self) -> int:
        return self._files.rows

    @property
    def embedded_bytes(self) -> int:
        return 0

    def add(self, rows: ItemRows) -> None:
        """Append an item's scores: by rater, then in the order on the screen."""
        candidates = {facts["id"]: facts for facts in rows.facts["candidates"]}
        for rating in rows.item.ratings:
            for place, candidate in enumerate(rating.order, start=1):
                for key in self._scales:
                    score = rating.scores.get((candidate, key))
                    if score is not None and candidate in candidates:
                        facts = candidates[candidate] | {"place": place, "dimension": key}
                        self._files.add(self._row(rows, rating, facts, score), {})

    def close(self) -> None:
        """End the files."""
        self._files.close()

    def _row(
        self, rows: ItemRows, rating: RaterRating, facts: dict[str, Any], score: GivenScore
    ) -> dict[str, Any]:
        # the page counts places from 0
        aids = rating.aids.get(str(facts["place"] - 1), {})
        return {
            "item_id": rows.facts["item_id"],
            "candidate_id": facts["candidate_id"],
            "generator": facts["generator"],
            "split": rows.item.split,
            "annotator": rating.annotator,
            "dimension": facts["dimension"],
            "level": score.level,
            "scale": self._scales[facts["dimension"]],
            "missing_reason": score.missing_reason,
            "seconds": rating.seconds,
            "order_on_screen": facts["place"],
            "aids": json.dumps(aids, ensure_ascii=False, sort_keys=True),
            "rubric": self._rubric,
            "guideline_version": rating.guideline,
            "task_kind": rating.purpose,
            "design": rating.design,
            "selection_probability": rating.probability,
            "given_at": rating.given_at.isoformat(),
        }
