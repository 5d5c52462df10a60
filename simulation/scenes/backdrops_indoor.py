"""Rooms: each function paints one on an image of any size. Only `backdrops` calls them."""

import numpy as np
from PIL import Image

from simulation.scenes.palette import WHITE, Rgb, darker, lighter, mix
from simulation.scenes.paper import HORIZON, gradient, join
from simulation.scenes.pen import Pen

# Share of a shelf that is filled with books.
_FILLED = 0.8


def _planks(pen: Pen, rng: np.random.Generator, ink: Rgb) -> None:
    """Floor boards running towards the viewer."""
    pen.box((0, 0), (3, HORIZON), ink)
    for k in range(-10, 26):
        x = k * 0.12
        shade = mix(ink, darker(ink, 0.3), rng.uniform(0.0, 0.6))
        far, near = 0.5 + (x - 0.5) * 0.75, 0.5 + (x - 0.5) * 1.7
        step = 0.12
        pen.polygon(
            [(far, HORIZON), (far + step * 0.75, HORIZON), (near + step * 1.7, 0), (near, 0)], shade
        )


def _window(pen: Pen, x: float, glass: Rgb) -> None:
    pen.box((x, 0.62), (x + 0.24, 0.94), WHITE)
    pen.box((x + 0.015, 0.635), (x + 0.225, 0.925), glass)
    pen.box((x + 0.112, 0.62), (x + 0.128, 0.94), WHITE)
    pen.box((x, 0.772), (x + 0.24, 0.788), WHITE)
    pen.box((x - 0.02, 0.6), (x + 0.26, 0.622), (228, 222, 212))


def living_room(image: Image.Image, rng: np.random.Generator) -> None:
    """A warm wall with a window over a wooden floor."""
    join(image, gradient(image, (240, 222, 192), (248, 234, 210)), (178, 128, 84))
    pen = Pen(image, 0, image.height, image.height)
    _planks(pen, rng, (186, 138, 92))
    pen.box((0, HORIZON - 0.005), (3, HORIZON + 0.03), (250, 246, 236))
    _window(pen, rng.uniform(0.05, 0.65), (170, 214, 240))


def kitchen(image: Image.Image, rng: np.random.Generator) -> None:
    """A tiled wall behind a worktop."""
    join(image, gradient(image, (196, 222, 220), (214, 234, 232)), (226, 218, 206))
    pen = Pen(image, 0, image.height, image.height)
    for k in range(20):
        pen.line([(k * 0.11, HORIZON), (k * 0.11, 1.0)], (236, 246, 244), 0.008)
    for k in range(5):
        y = HORIZON + 0.02 + k * 0.11
        pen.line([(0, y), (3, y)], (236, 246, 244), 0.008)
    for _ in range(4):
        x, y = int(rng.integers(0, 11)) * 0.11, HORIZON + 0.02 + int(rng.integers(0, 4)) * 0.11
        pen.box((x + 0.006, y + 0.006), (x + 0.104, y + 0.104), (158, 200, 198))
    pen.box((0, HORIZON - 0.035), (3, HORIZON), (198, 186, 170))
    for _ in range(40):
        middle = (rng.uniform(0, 1.4), rng.uniform(0, HORIZON - 0.05))
        pen.disc(middle, rng.uniform(0.002, 0.005), (196, 186, 172))


def study(image: Image.Image, rng: np.random.Generator) -> None:
    """A bookshelf behind a dark desk."""
    join(image, gradient(image, (76, 96, 106), (94, 114, 122)), (112, 70, 46))
    pen = Pen(image, 0, image.height, image.height)
    inks = ((168, 92, 78), (190, 158, 98), (98, 130, 118), (112, 108, 150), (196, 186, 168))
    for shelf in (0.68, 0.88):
        pen.box((0, shelf - 0.018), (3, shelf), (104, 74, 54))
        x = 0.0
        while x < image.width / image.height:
            wide = rng.uniform(0.02, 0.045)
            if rng.random() < _FILLED:
                ink = mix(inks[int(rng.integers(5))], (76, 96, 106), 0.35)
                pen.box((x, shelf), (x + wide * 0.9, shelf + rng.uniform(0.08, 0.14)), ink)
            x += wide
    pen.box((0, 0), (3, HORIZON), (122, 78, 52))
    pen.box((0, HORIZON - 0.03), (3, HORIZON), (150, 100, 68))
    for _ in range(14):
        x, y = rng.uniform(-0.1, 1.3), rng.uniform(0.02, HORIZON - 0.06)
        pen.line([(x, y), (x + rng.uniform(0.1, 0.4), y)], (112, 70, 46), 0.006)


def nursery(image: Image.Image, rng: np.random.Generator) -> None:
    """A striped wall over a carpet."""
    join(image, gradient(image, (186, 206, 238), (200, 216, 242)), (214, 190, 202))
    pen = Pen(image, 0, image.height, image.height)
    for k in range(0, 30, 2):
        pen.box((k * 0.07, HORIZON), (k * 0.07 + 0.07, 1.0), (206, 222, 246))
    pen.box((0, HORIZON - 0.005), (3, HORIZON + 0.025), WHITE)
    centre = rng.uniform(0.35, 0.7)
    for radius, ink in ((0.5, (232, 212, 220)), (0.4, (222, 198, 210)), (0.28, (240, 226, 230))):
        pen.oval((centre, 0.2), radius, radius * 0.36, ink)


def gallery(image: Image.Image, rng: np.random.Generator) -> None:
    """A white gallery with a spot of light."""
    join(image, gradient(image, (206, 206, 210), (236, 236, 236)), (168, 166, 170))
    pen = Pen(image, 0, image.height, image.height)
    x = rng.uniform(0.3, 0.7)
    pen.polygon(
        [(x - 0.06, 1.0), (x + 0.06, 1.0), (x + 0.34, HORIZON), (x - 0.34, HORIZON)],
        (246, 246, 242),
    )
    pen.box((0, 0), (3, HORIZON), (172, 170, 174))
    pen.oval((x, HORIZON * 0.5), 0.45, 0.13, lighter((172, 170, 174), 0.3))
    pen.box((0, HORIZON - 0.004), (3, HORIZON + 0.022), (150, 148, 152))
