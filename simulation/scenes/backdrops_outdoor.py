"""Landscapes: each function paints one on an image of any size. Only `backdrops` calls them."""

import math

import numpy as np
from PIL import Image

from simulation.scenes.palette import Rgb, darker, lighter, mix
from simulation.scenes.paper import HORIZON, gradient, join
from simulation.scenes.pen import Pen

# Share of windows with light in them.
_LIT = 0.45


def _ridge(pen: Pen, rng: np.random.Generator, base: float, rise: float, ink: Rgb) -> None:
    """A rolling line of hills from edge to edge, `base` above the bottom (shares of the height)."""
    phase, wave = rng.uniform(0, math.tau), rng.uniform(2.2, 4.2)
    top = [
        (x / 40 * 3, base + rise * (0.5 + 0.5 * math.sin(phase + wave * x / 40 * 3)))
        for x in range(41)
    ]
    pen.polygon([(0.0, 0.0), *top, (3.0, 0.0)], ink)


def _cloud(pen: Pen, x: float, y: float, size: float, ink: tuple[int, int, int, int]) -> None:
    for dx, dy, radius in ((-0.9, 0.0, 0.5), (0.0, 0.22, 0.72), (0.85, 0.02, 0.52)):
        pen.disc((x + dx * size, y + dy * size), radius * size, ink)
    pen.box((x - 1.35 * size, y - 0.5 * size), (x + 1.35 * size, y), ink, corner=0.45 * size)


def _speckle(pen: Pen, rng: np.random.Generator, inks: tuple[Rgb, ...], count: int) -> None:
    """Small strokes on the ground, larger towards the front."""
    for _ in range(count):
        depth = rng.uniform(0.03, 1.0)
        x, y = rng.uniform(0, 1.4), HORIZON * (1 - depth)
        size = 0.006 + 0.014 * depth
        ink = inks[int(rng.integers(len(inks)))]
        pen.polygon([(x - size, y), (x + size, y), (x + size * 0.3, y + size * 1.8)], ink)


def meadow(image: Image.Image, rng: np.random.Generator) -> None:
    """A sunny meadow with hills and clouds."""
    join(image, gradient(image, (104, 178, 236), (206, 232, 246)), (124, 186, 88))
    pen = Pen(image, 0, image.height, image.height)
    x = rng.uniform(0.1, 0.9)
    pen.disc((x, 0.88), 0.07, (255, 226, 110))
    for _ in range(3):
        at, up = rng.uniform(0, 1.3), rng.uniform(0.68, 0.9)
        _cloud(pen, at, up, rng.uniform(0.03, 0.06), (255, 255, 255, 225))
    _ridge(pen, rng, HORIZON, 0.12, (134, 190, 132))
    _ridge(pen, rng, HORIZON - 0.03, 0.07, (112, 178, 96))
    _speckle(pen, rng, ((96, 158, 68), (150, 206, 104), (108, 172, 76)), 70)


def sunset(image: Image.Image, rng: np.random.Generator) -> None:
    """Hills at sunset."""
    join(image, gradient(image, (92, 74, 150), (252, 170, 104)), (112, 92, 96))
    pen = Pen(image, 0, image.height, image.height)
    x = rng.uniform(0.2, 0.8)
    pen.disc((x, HORIZON + 0.08), 0.17, (255, 206, 120, 90))
    pen.disc((x, HORIZON + 0.08), 0.11, (255, 222, 140))
    _ridge(pen, rng, HORIZON - 0.02, 0.13, (126, 84, 122))
    _ridge(pen, rng, HORIZON - 0.07, 0.07, (108, 82, 98))
    _speckle(pen, rng, ((92, 74, 84), (136, 108, 104)), 60)


def snow(image: Image.Image, rng: np.random.Generator) -> None:
    """A snowy field under a pale sky, flakes falling."""
    join(image, gradient(image, (150, 180, 212), (222, 232, 242)), (236, 241, 248))
    pen = Pen(image, 0, image.height, image.height)
    _ridge(pen, rng, HORIZON, 0.16, (204, 217, 234))
    _ridge(pen, rng, HORIZON - 0.04, 0.08, (226, 234, 244))
    for _ in range(70):
        middle = (rng.uniform(0, 1.4), rng.uniform(0.1, 1.0))
        pen.disc(middle, rng.uniform(0.003, 0.008), (255, 255, 255, 235))


def desert(image: Image.Image, rng: np.random.Generator) -> None:
    """Sand dunes."""
    join(image, gradient(image, (126, 190, 226), (250, 232, 196)), (232, 196, 130))
    pen = Pen(image, 0, image.height, image.height)
    pen.disc((rng.uniform(0.1, 0.9), 0.86), 0.08, (255, 240, 190))
    for step, ink in enumerate(((222, 178, 114), (232, 192, 126), (240, 206, 146))):
        _ridge(pen, rng, HORIZON - 0.02 - 0.15 * step, 0.12 - 0.02 * step, ink)


def beach(image: Image.Image, rng: np.random.Generator) -> None:
    """Sea, surf and sand."""
    join(image, gradient(image, (96, 182, 240), (214, 238, 250)), (240, 220, 172))
    pen = Pen(image, 0, image.height, image.height)
    for _ in range(2):
        at = rng.uniform(0, 1.3)
        _cloud(pen, at, rng.uniform(0.75, 0.92), 0.045, (255, 255, 255, 220))
    pen.box((0, HORIZON - 0.13), (3, HORIZON), (42, 138, 190))
    pen.box((0, HORIZON - 0.13), (3, HORIZON - 0.07), (70, 166, 204))
    for _ in range(16):
        x, y = rng.uniform(0, 1.4), rng.uniform(HORIZON - 0.12, HORIZON - 0.01)
        pen.line([(x, y), (x + rng.uniform(0.03, 0.1), y)], (180, 222, 236), 0.005)
    _ridge(pen, rng, HORIZON - 0.16, 0.025, (250, 250, 246))
    _ridge(pen, rng, HORIZON - 0.18, 0.02, (240, 220, 172))
    _speckle(pen, rng, ((226, 202, 150), (248, 232, 194)), 35)


def night(image: Image.Image, rng: np.random.Generator) -> None:
    """A city street at night."""
    join(image, gradient(image, (16, 22, 58), (62, 58, 110)), (66, 68, 82))
    pen = Pen(image, 0, image.height, image.height)
    for _ in range(40):
        pen.disc((rng.uniform(0, 1.4), rng.uniform(0.6, 1.0)), 0.003, (250, 246, 220))
    moon = rng.uniform(0.1, 0.9)
    pen.disc((moon, 0.88), 0.06, (246, 240, 206))
    x = -0.05
    while x < image.width / image.height:
        wide, tall = rng.uniform(0.1, 0.18), rng.uniform(0.14, 0.34)
        wall = mix((30, 32, 62), (58, 52, 92), rng.random())
        pen.box((x, HORIZON - 0.02), (x + wide, HORIZON + tall), wall)
        for column in np.arange(x + 0.02, x + wide - 0.025, 0.035):
            for row in np.arange(HORIZON + 0.02, HORIZON + tall - 0.03, 0.045):
                lit = (250, 214, 118) if rng.random() < _LIT else darker(wall, 0.3)
                pen.box((column, row), (column + 0.016, row + 0.022), lit)
        x += wide + rng.uniform(0.0, 0.015)
    pen.box((0, HORIZON - 0.05), (3, HORIZON - 0.01), (98, 100, 112))
    for x in np.arange(0.05, 1.5, 0.2):
        pen.box((x, 0.16), (x + 0.1, 0.175), lighter((66, 68, 82), 0.5))
