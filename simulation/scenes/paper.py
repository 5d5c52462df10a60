"""What every backdrop starts from: a gradient above the horizon and a flat ground below it."""

import numpy as np
from PIL import Image

from simulation.scenes.palette import Rgb

# Where the ground begins, as a share of the height from the bottom.
HORIZON = 0.46


def gradient(image: Image.Image, top: Rgb, low: Rgb) -> Image.Image:
    """A vertical gradient of the image's size, ending at the horizon."""
    reach = max(2, round(image.height * (1 - HORIZON)))
    share = np.clip(np.arange(image.height) / reach, 0.0, 1.0)[:, None]
    column = np.asarray(top) * (1 - share) + np.asarray(low) * share
    strip = Image.fromarray(column.round().astype(np.uint8)[:, None, :])
    return strip.resize(image.size, Image.Resampling.NEAREST)


def join(image: Image.Image, sky: Image.Image, ground: Rgb) -> None:
    """Put the sky and the ground on `image`."""
    image.paste(sky)
    edge = round(image.height * (1 - HORIZON))
    image.paste(ground, (0, edge, image.width, image.height))
