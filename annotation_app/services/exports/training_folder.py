"""The folder that `modeling` trains on: `groups.jsonl` and `rubric.json`."""

import json
from pathlib import Path
from typing import Any

from analytics.pairs.dimensions import Dimensions
from analytics.pairs.records import Pair
from annotation_app.enums import HELD_BACK_SPLITS
from annotation_app.models import Rubric
from annotation_app.services.exports.lines import json_line
from annotation_app.services.exports.rows import CandidateRow, ItemRows, number


class TrainingFolder:
    """Writes one line per item with its candidates, final scores, ratings and pairs."""

    def __init__(self, folder: Path, dimensions: Dimensions) -> None:
        self._dimensions = dimensions
        self._file = (folder / "groups.jsonl").open("w", encoding="utf-8")
        self.rows = 0

    @property
    def embedded_bytes(self) -> int:
        return 0

    def add(self, rows: ItemRows) -> None:
        """Append an item; one that is held back stays out of every training."""
        if rows.item.split in HELD_BACK_SPLITS:
            return
        facts = rows.facts
        line = {
            "item_id": facts["item_id"],
            "instruction": facts["instruction"],
            "category": facts["category"],
            "source_dataset": facts["source_dataset"],
            "source_image": rows.source,
            "split": rows.item.split,
            "candidates": [self._candidate(rows, one) for one in rows.candidates.values()],
            "pairs": [_pair(pair) for view in rows.views for pair in view.pairs.rows],
        }
        self._file.write(json_line(line))
        self.rows += 1

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def _candidate(self, rows: ItemRows, candidate: CandidateRow) -> dict[str, Any]:
        scores: dict[str, Any] = {}
        ratings: dict[str, Any] = {}
        for key in self._dimensions.names:
            where = (candidate.facts["id"], key)
            score = rows.item.scores.get(where)
            scores[key] = (
                None
                if score is None
                else {"numerator": score.numerator, "denominator": score.denominator}
            )
            ratings[key] = [level for _, level in rows.item.raters.get(where, [])]
        return {
            "candidate_id": candidate.facts["candidate_id"],
            "generator": candidate.facts["generator"],
            "seed": candidate.facts["seed"],
            "image": candidate.path,
            "scores": scores,
            "ratings": ratings,
        }


def _pair(pair: Pair) -> dict[str, Any]:
    row = {
        "kind": pair.kind.value,
        "dimension": pair.dimension,
        "preferred": pair.preferred,
        "other": pair.other,
        "weight": number(pair.weight),
    }
    return row | {"rater": pair.rater} if pair.rater else row


def write_rubric(folder: Path, rubric: Rubric, wording: dict[str, Any]) -> None:
    """Write `rubric.json` into the folder of the groups."""
    text = json.dumps(rubric_facts(rubric, wording), ensure_ascii=False, indent=1)
    (folder / "rubric.json").write_text(text + "\n", encoding="utf-8")


def rubric_facts(rubric: Rubric, wording: dict[str, Any]) -> dict[str, Any]:
    """The rubric as `modeling` reads it; `wording` is a guideline's text in one language."""
    dimensions = []
    for row in rubric.dimensions.prefetch_related("levels"):
        words = wording.get(row.key, {})
        anchors = [
            f"{value}: {level.get('name', '')}. {level.get('anchor', '')}".strip()
            for value, level in sorted(words.get("levels", {}).items())
        ]
        dimensions.append(
            {
                "key": row.key,
                "name": words.get("name", row.key),
                "weight": row.weight_numerator / row.weight_denominator,
                "levels": sorted(level.value for level in row.levels.all()),
                "wording": "\n".join([words.get("summary", ""), *anchors]).strip(),
            }
        )
    return {"dimensions": dimensions}
