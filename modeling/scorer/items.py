"""What callers hand to the scorer: images as files, open pictures or raw bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from modeling.backbones import ItemInputs
from modeling.data import Picture, Reading, as_shown, read_picture


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item to score."""

    item_id: str
    instruction: str
    source: Picture
    candidates: Mapping[str, Picture]  # by candidate id, scored in this order

    def open(self, reading: Reading = as_shown) -> ItemInputs:
        """Decode all pictures; ``reading`` turns each into RGB.

        Raises:
            UnreadablePictureError: names the item and the candidate that cannot be read.
            TypeError: the instruction is not a text.
            ValueError: there are no candidates.
        """
        if not isinstance(self.instruction, str):
            raise TypeError(
                f"the instruction of item {self.item_id!r} is not a text but "
                f"{type(self.instruction).__name__}"
            )
        return ItemInputs(
            self.item_id,
            self.instruction,
            read_picture(self.source, f"source of item {self.item_id!r}", reading=reading),
            tuple(
                (key, read_picture(picture, self._name(key), reading=reading))
                for key, picture in self.candidates.items()
            ),
        )

    def _name(self, candidate: str) -> str:
        return f"candidate {candidate!r} of item {self.item_id!r}"
