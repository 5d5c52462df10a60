"""`train.json` as EditReward's and HPSv3's trainers read it: `path1` is always preferred."""

import json
from pathlib import Path
from typing import IO, Any

from analytics.pairs.build import ItemPairs
from analytics.pairs.records import Pair, PairKind
from annotation_app.services.exports.rows import CandidateRow, ItemRows, number


class EditRewardJson:
    """Writes one JSON array per split, `train.json`, `validation.json`, `test.json`.

    The public loader takes the last `model1_dim*_score` key in file order as its score, so the
    order of keys is part of the contract.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[str]] = {}
        self.rows = 0

    def add(self, rows: ItemRows, pairs: ItemPairs) -> None:
        """Append an item's rows to its split's file."""
        if not pairs.rows:
            return
        sides = {
            name: (_side("1", candidate), _side("2", candidate))
            for name, candidate in rows.candidates.items()
        }
        texts = [
            json.dumps(
                _row(rows, pair, sides[pair.preferred][0], sides[pair.other][1]),
                ensure_ascii=False,
            )
            for pair in pairs.rows
        ]
        file, start = self._file(rows.item.split)
        file.write(start + ",\n".join(texts))
        self.rows += len(texts)

    def close(self) -> None:
        """End the arrays."""
        for file in self._files.values():
            file.write("\n]\n")
            file.close()

    def _file(self, split: str) -> tuple[IO[str], str]:
        if split in self._files:
            return self._files[split], ",\n"
        file = (self._folder / f"{split}.json").open("w", encoding="utf-8")
        self._files[split] = file
        return file, "[\n"


def _side(place: str, candidate: CandidateRow) -> dict[str, Any]:
    name = f"model{place}"
    scores = {
        f"{name}_dim{index}_score": score for index, score in enumerate(candidate.scores, start=1)
    }
    return {
        f"path{place}": candidate.path,
        name: candidate.facts["generator"],
        **scores,
        f"{name}_overall_score": candidate.overall,
    }


def _row(
    rows: ItemRows, pair: Pair, preferred: dict[str, Any], other: dict[str, Any]
) -> dict[str, Any]:
    facts = rows.facts
    return {
        "prompt": facts["instruction"],
        "choice_dist": None,
        "confidence": None,
        "path_src": rows.source,
        "path1": preferred["path1"],
        "path2": other["path2"],
        "model1": preferred["model1"],
        "model2": other["model2"],
        **preferred,
        **other,
        "tie_case": pair.kind is not PairKind.STRICT,
        "dimension": pair.dimension,
        "pair_id": f"{facts['item_id']}:{pair.preferred}>{pair.other}:{pair.dimension}",
        "item_id": facts["item_id"],
        "weight": number(pair.weight),
    }
