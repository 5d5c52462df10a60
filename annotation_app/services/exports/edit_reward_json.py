"""`train.json` as EditReward's and HPSv3's trainers read it: `path1` is always preferred."""

import json
from pathlib import Path
from typing import Any

from analytics.pairs.build import ItemPairs
from analytics.pairs.dimensions import Dimensions
from analytics.pairs.records import Pair, PairKind
from annotation_app.services.exports.images import ImageShelf
from annotation_app.services.exports.items import ExportItem
from annotation_app.services.exports.rows import candidate_scores, candidates_by_id, number


class EditRewardJson:
    """Writes one JSON array per split, `train.json`, `validation.json`, `test.json`.

    The public loader takes the last `model1_dim*_score` key in file order as its score, so the
    order of keys is part of the contract.
    """

    def __init__(self, folder: Path, dimensions: Dimensions, shelf: ImageShelf) -> None:
        self._folder = folder
        self._dimensions = dimensions
        self._shelf = shelf
        self._files: dict[str, Any] = {}
        self.rows = 0

    def add(self, item: ExportItem, pairs: ItemPairs) -> None:
        """Append an item's rows to its split's file."""
        if not pairs.rows:
            return
        known = candidates_by_id(item)
        source = self._shelf.place(item.facts["source_image"])
        for pair in pairs.rows:
            row = self._row(item, pair, known[pair.preferred], known[pair.other], source)
            self._write(item.split, row)

    def close(self) -> None:
        """End the arrays."""
        for file in self._files.values():
            file.write("\n]\n")
            file.close()

    def _write(self, split: str, row: dict[str, Any]) -> None:
        file = self._files.get(split)
        if file is None:
            file = self._files[split] = (self._folder / f"{split}.json").open("w", encoding="utf-8")
            file.write("[\n")
        else:
            file.write(",\n")
        json.dump(row, file, ensure_ascii=False)
        self.rows += 1

    def _row(
        self,
        item: ExportItem,
        pair: Pair,
        preferred: dict[str, Any],
        other: dict[str, Any],
        source: str,
    ) -> dict[str, Any]:
        return {
            "prompt": item.facts["instruction"],
            "choice_dist": None,
            "confidence": None,
            "path_src": source,
            "path1": self._shelf.place(preferred["image"]),
            "path2": self._shelf.place(other["image"]),
            "model1": preferred["generator"],
            "model2": other["generator"],
            **self._scores("model1", item, preferred),
            **self._scores("model2", item, other),
            "tie_case": pair.kind is not PairKind.STRICT,
            "dimension": pair.dimension,
            "pair_id": f"{item.facts['item_id']}:{pair.preferred}>{pair.other}:{pair.dimension}",
            "item_id": item.facts["item_id"],
            "weight": number(pair.weight),
        }

    def _scores(self, side: str, item: ExportItem, candidate: dict[str, Any]) -> dict[str, Any]:
        scores, overall = candidate_scores(item, candidate, self._dimensions)
        named = {
            f"{side}_dim{place}_score": number(score) for place, score in enumerate(scores, start=1)
        }
        return {**named, f"{side}_overall_score": number(overall)}
