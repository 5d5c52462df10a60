"""The folder that `modeling` trains on: `groups.jsonl` and `rubric.json`."""

import json
from pathlib import Path
from typing import Any

from analytics.pairs.build import ItemPairs
from analytics.pairs.dimensions import Dimensions
from annotation_app.enums import Split
from annotation_app.models import Rubric
from annotation_app.services.exports.images import ImageShelf
from annotation_app.services.exports.items import ExportItem
from annotation_app.services.exports.rows import number


class TrainingFolder:
    """Writes one line per item with its candidates, scores, ratings and pairs."""

    def __init__(
        self, folder: Path, dimensions: Dimensions, shelf: ImageShelf, rubric: dict[str, Any]
    ) -> None:
        self._dimensions = dimensions
        self._shelf = shelf
        self._file = (folder / "groups.jsonl").open("w", encoding="utf-8")
        (folder / "rubric.json").write_text(
            json.dumps(rubric, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        self.rows = 0

    def add(self, item: ExportItem, pairs: ItemPairs) -> None:
        """Append an item; quarantined ones stay out of every training."""
        if item.split == Split.QUARANTINE:
            return
        facts = item.facts
        line = {
            "item_id": facts["item_id"],
            "instruction": facts["instruction"],
            "category": facts["category"],
            "source_dataset": facts["source_dataset"],
            "source_image": self._shelf.place(facts["source_image"]),
            "split": item.split,
            "candidates": [self._candidate(item, candidate) for candidate in facts["candidates"]],
            "pairs": [
                {
                    "kind": pair.kind.value,
                    "dimension": pair.dimension,
                    "preferred": pair.preferred,
                    "other": pair.other,
                    "weight": number(pair.weight),
                }
                for pair in pairs.rows
            ],
        }
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        self.rows += 1

    def close(self) -> None:
        """End the file."""
        self._file.close()

    def _candidate(self, item: ExportItem, candidate: dict[str, Any]) -> dict[str, Any]:
        scores: dict[str, Any] = {}
        ratings: dict[str, Any] = {}
        for key in self._dimensions.names:
            score = item.scores.get((candidate["id"], key))
            scores[key] = (
                None
                if score is None
                else {"numerator": score.numerator, "denominator": score.denominator}
            )
            ratings[key] = item.levels.get((candidate["id"], key), [])
        return {
            "candidate_id": candidate["candidate_id"],
            "generator": candidate["generator"],
            "seed": candidate["seed"],
            "image": self._shelf.place(candidate["image"]),
            "scores": scores,
            "ratings": ratings,
        }


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
