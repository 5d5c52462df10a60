"""Files as people see them, and proof that a model sees the same."""

import pytest

from annotation_app.services.images.decoding import decode_image
from imaging.background import flatten
from imaging.errors import ImageError
from imaging.limits import Limits
from imaging.opening import open_image
from imaging.showing import ShownImage, show_image
from modeling.data import read_picture

LIMITS = Limits(pixels=64_000_000, side=16_383)


def show(data: bytes, limits: Limits = LIMITS) -> ShownImage:
    """What a file shows."""
    return show_image(open_image(data, limits))


def refusal_of(data: bytes, limits: Limits = LIMITS) -> ImageError:
    """Why a file shows nothing."""
    with pytest.raises(ImageError) as caught:
        show(data, limits)
    return caught.value


def show_alike(data: bytes) -> ShownImage:
    """What a file shows, once it is clear that the site keeps it and a model reads it."""
    shown = show(data)
    kept = decode_image(data)
    assert (kept.pixels.mode, kept.pixels.size) == (shown.pixels.mode, shown.pixels.size)
    assert kept.pixels.tobytes() == shown.pixels.tobytes()
    assert read_picture(data).tobytes() == flatten(kept.pixels).tobytes()
    return shown
