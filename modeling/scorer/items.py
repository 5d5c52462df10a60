"""What callers hand to the scorer: images as files, open pictures or raw bytes."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from modeling.backbones import ItemInputs

Picture = Path | str | bytes | Image.Image


@dataclass(frozen=True, slots=True)
class ScoreItem:
    """One item to score."""

    item_id: str
    instruction: str
    source: Picture
    candidates: Mapping[str, Picture]  # by candidate id, scored in this order

    def open(self) -> ItemInputs:
        """Decode all pictures; ``OSError`` names what cannot be read."""
        return ItemInputs(
            self.item_id,
            self.instruction,
            open_picture(self.source),
            tuple((key, open_picture(picture)) for key, picture in self.candidates.items()),
        )


def open_picture(picture: Picture) -> Image.Image:
    """An RGB image from a path, encoded bytes or an image."""
    if isinstance(picture, Image.Image):
        return picture.convert("RGB")
    opened = io.BytesIO(picture) if isinstance(picture, bytes) else picture
    with Image.open(opened) as image:
        return image.convert("RGB")
