"""Opens pictures from untrusted sources; the cache, the scorer and the cli call it.

`imaging` decides what its pixels are, as it does for the site: a model sees what raters saw.
"""

from __future__ import annotations

import hashlib
import io
import os
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from imaging.background import flatten
from imaging.limits import Limits
from imaging.opening import OpenedImage, open_image, take_image
from imaging.showing import show_image

Picture = Path | str | bytes | Image.Image
Reading = Callable[[OpenedImage], Image.Image]  # an opened picture to RGB

MAX_PIXELS = 100_000_000


class UnreadablePictureError(OSError):
    """A picture that cannot be decoded; the text says which and why."""


def as_shown(opened: OpenedImage) -> Image.Image:
    """An opened picture as annotators see it, with grey under what is transparent."""
    return flatten(show_image(opened).pixels)


def read_picture(
    picture: Picture, name: str = "", *, sha256: str | None = None, reading: Reading = as_shown
) -> Image.Image:
    """An RGB image from a path, encoded bytes or an image.

    ``name`` identifies the picture in errors; ``sha256`` is the expected hash of the file, if a
    manifest lists it; ``reading`` converts what was opened to RGB.

    Raises:
        UnreadablePictureError: missing, of another format or type, damaged, without pixels, over
            ``MAX_PIXELS``, not the listed file, or refused by ``reading``.
    """
    limits = Limits(MAX_PIXELS)
    try:
        if isinstance(picture, Image.Image):
            return reading(take_image(picture, limits))
        return reading(open_image(_content(picture, sha256, limits), limits))
    except Exception as error:  # decoders of foreign bytes fail in every way there is
        where = str(picture) if isinstance(picture, str | Path) else ""
        told = ", ".join(part for part in (name, where) if part) or "a picture"
        raise UnreadablePictureError(f"{told}: {_reason(error)}") from error


def _content(picture: Path | str | bytes, sha256: str | None, limits: Limits) -> bytes:
    if not isinstance(picture, Path | str | bytes):
        raise TypeError(f"{type(picture).__name__} is not a path, encoded bytes or a PIL image")
    with io.BytesIO(picture) if isinstance(picture, bytes) else Path(picture).open("rb") as file:
        if sha256 is not None:
            _require_listed(file, sha256)
        limits.check_length(file.seek(0, os.SEEK_END))  # before it fills the memory
        file.seek(0)
        return file.read()


def _require_listed(file: io.BytesIO | io.BufferedReader, sha256: str) -> None:
    """Refuse other content; in pieces, because a wrong file may be larger than the memory."""
    found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ValueError(
            f"not the file that the manifest lists: its sha256 is {found}, not {sha256}; "
            "restore it or export the version again"
        )


def _reason(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "no such file"
    return str(error) or type(error).__name__
