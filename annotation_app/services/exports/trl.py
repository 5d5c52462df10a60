"""TRL preferences: which of two edits is better, as chat with three images."""

from pathlib import Path
from typing import Any

import pyarrow as pa

from analytics.overall import OVERALL
from analytics.pairs.records import Pair, PairKind, Side
from annotation_app.services.exports.lines import json_line
from annotation_app.services.exports.parquet import (
    IMAGE,
    ImageCells,
    SplitParquet,
    features_schema,
)
from annotation_app.services.exports.rows import ItemRows

PART = pa.struct([("type", pa.string()), ("text", pa.string())])
MESSAGES = pa.list_(pa.struct([("role", pa.string()), ("content", pa.list_(PART))]))
ANSWERS = {Side.LEFT: "A", Side.RIGHT: "B"}
QUESTION = (
    "The first image is the source. Edit A is the second image, edit B the third. "
    "The instruction was: {instruction}\nWhich edit is better{where}? Answer A or B."
)


class TrlPreferences:
    """Writes `trl/<split>.parquet` and `.jsonl` with prompt, chosen, rejected, images, margin.

    Edits are in the seeded order of presentation. With implicit prompts the question is part
    of `chosen` and `rejected`, as TRL's trainers of reward models take it.
    """

    def __init__(
        self,
        folder: Path,
        cells: ImageCells,
        names: dict[str, str],
        *,
        implicit_prompts: bool,
    ) -> None:
        self._folder = folder / "trl"
        self._cells = cells
        self._names = names
        self._implicit = implicit_prompts
        self._files = SplitParquet(self._folder, trl_schema(implicit_prompts=implicit_prompts))
        self._lines: dict[str, Any] = {}

    @property
    def rows(self) -> int:
        return self._files.rows

    @property
    def embedded_bytes(self) -> int:
        return self._files.embedded_bytes

    def add(self, rows: ItemRows) -> None:
        """Append an item's strict and tagged rows; identical pairs are left out."""
        for view in rows.views:
            for pair in view.pairs.rows:
                if pair.kind is not PairKind.IDENTICAL:
                    self._add(rows, pair)

    def close(self) -> None:
        """End the files."""
        self._files.close()
        for file in self._lines.values():
            file.close()

    def _add(self, rows: ItemRows, pair: Pair) -> None:
        preferred, other = rows.candidates[pair.preferred], rows.candidates[pair.other]
        preferred_left = pair.preferred_side is Side.LEFT
        shown = [preferred, other] if preferred_left else [other, preferred]
        row = self._messages(rows.facts["instruction"], pair) | {
            "margin": float(pair.margin),
            "dimension": pair.dimension,
            "item_id": rows.facts["item_id"],
        }
        pictures = [(rows.facts["source_image"], rows.source)]
        pictures += [(candidate.image, candidate.path) for candidate in shown]
        cells = [self._cells.cell(image, path) for image, path in pictures]
        weight = self._cells.weight(*(image for image, _ in pictures))
        self._files.add(rows.item.split, row | {"images": cells}, weight)
        self._line(rows.item.split, row | {"images": [path for _, path in pictures]})

    def _messages(self, instruction: str, pair: Pair) -> dict[str, Any]:
        where = "" if pair.dimension == OVERALL else f" in {self._names[pair.dimension]}"
        text = QUESTION.format(instruction=instruction, where=where)
        question = [{"type": "image"}] * 3 + [{"type": "text", "text": text}]
        prompt = [{"role": "user", "content": question}]
        preferred_left = pair.preferred_side is Side.LEFT
        loser = ANSWERS[Side.RIGHT if preferred_left else Side.LEFT]
        chosen, rejected = _answer(ANSWERS[pair.preferred_side]), _answer(loser)
        if self._implicit:
            return {"chosen": prompt + chosen, "rejected": prompt + rejected}
        return {"prompt": prompt, "chosen": chosen, "rejected": rejected}

    def _line(self, split: str, row: dict[str, Any]) -> None:
        if split not in self._lines:
            self._lines[split] = (self._folder / f"{split}.jsonl").open("w", encoding="utf-8")
        self._lines[split].write(json_line(row))


def trl_schema(*, implicit_prompts: bool) -> pa.Schema:
    """The columns of the preference format."""
    prompt = {} if implicit_prompts else {"prompt": MESSAGES}
    return features_schema(
        {
            **prompt,
            "chosen": MESSAGES,
            "rejected": MESSAGES,
            "images": pa.list_(IMAGE),
            "margin": pa.float64(),
            "dimension": pa.string(),
            "item_id": pa.string(),
        }
    )


def _answer(letter: str) -> list[dict[str, Any]]:
    return [{"role": "assistant", "content": [{"type": "text", "text": letter}]}]
