"""`train.json` as EditReward's and HPSv3's trainers read it: `path1` is always preferred."""

import json
from functools import lru_cache
from pathlib import Path
from typing import IO, NamedTuple

from analytics.pairs.records import Pair, PairKind
from annotation_app.services.exports.rows import (
    CandidateRow,
    ItemRows,
    Number,
    ScoredPairRows,
    number,
)

BETWEEN = ",\n"


class _Texts(NamedTuple):
    """A candidate's parts of a row as JSON, in either place."""

    path: str
    model: str
    scores: tuple[str, str]
    bare_id: str


class EditRewardJson:
    """Writes the rows of one JSON array per split: `train.json`, `validation.json`, `test.json`.

    The array's brackets are set when the parts are joined. The public loader takes the last
    `model1_dim*_score` key in file order as its score, so the order of keys is part of the
    contract. Rows are put together from ready-made texts: there are millions of them.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, IO[str]] = {}
        self.rows = 0

    @property
    def embedded_bytes(self) -> int:
        return 0

    def add(self, rows: ItemRows) -> None:
        """Append an item's rows to its split's file."""
        texts = [text for view in rows.views for text in _view_rows(rows, view)]
        if not texts:
            return
        split = rows.item.split
        start = BETWEEN
        if split not in self._files:
            self._files[split] = (self._folder / f"{split}.json").open("w", encoding="utf-8")
            start = ""
        self._files[split].write(start + BETWEEN.join(texts))
        self.rows += len(texts)

    def close(self) -> None:
        """End the files."""
        for file in self._files.values():
            file.close()


def _view_rows(rows: ItemRows, view: ScoredPairRows) -> list[str]:
    facts = rows.facts
    head = (
        f'{{"prompt": {_text(facts["instruction"])}, "choice_dist": null, "confidence": null, '
        f'"path_src": {_text(rows.source)}'
    )
    item = _text(facts["item_id"])
    rater = f', "rater": {_text(view.pairs.rater)}' if view.pairs.rater else ""
    of = f":{view.pairs.rater}" if view.pairs.rater else ""
    sides = {name: _texts(candidate) for name, candidate in view.candidates.items()}
    return [
        f"{head}, {_sides(sides[pair.preferred], sides[pair.other])}, "
        f'"tie_case": {"false" if pair.kind is PairKind.STRICT else "true"}, '
        f'"dimension": "{pair.dimension}", "pair_id": {_pair_id(item, sides, pair, of)}, '
        f'"item_id": {item}, "weight": {number(pair.weight)}{rater}}}'
        for pair in view.pairs.rows
    ]


def _sides(one: _Texts, two: _Texts) -> str:
    return (
        f'"path1": {one.path}, "path2": {two.path}, "model1": {one.model}, "model2": {two.model}, '
        f"{one.scores[0]}, {two.scores[1]}"
    )


def _pair_id(item: str, sides: dict[str, _Texts], pair: Pair, rater: str) -> str:
    both = f"{sides[pair.preferred].bare_id}>{sides[pair.other].bare_id}"
    return f'{item[:-1]}:{both}:{pair.dimension}{rater}"'


def _texts(candidate: CandidateRow) -> _Texts:
    facts = candidate.facts
    return _Texts(
        _text(candidate.path),
        _text(facts["generator"]),
        (_scores("model1", candidate), _scores("model2", candidate)),
        _text(facts["candidate_id"])[1:-1],
    )


def _scores(name: str, candidate: CandidateRow) -> str:
    scores = [
        f'"{name}_dim{place}_score": {_number(score)}'
        for place, score in enumerate(candidate.scores, start=1)
    ]
    return ", ".join([*scores, f'"{name}_overall_score": {_number(candidate.overall)}'])


def _number(value: Number) -> str:
    return "null" if value is None else repr(value)


@lru_cache(maxsize=4096)
def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
