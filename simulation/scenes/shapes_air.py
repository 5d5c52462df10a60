"""How things in the air and sign boards are drawn: one unit high, base in the origin."""

import math

from simulation.scenes.palette import Rgb, darker, lighter
from simulation.scenes.pen import Pen

_POST: Rgb = (118, 88, 60)

# The sum of red, green and blue from which dark letters read better than light ones.
_PALE = 420


def _letters(tone: Rgb) -> Rgb:
    """Dark letters on a pale board, pale letters on a dark one."""
    return (44, 44, 50) if sum(tone) > _PALE else (252, 250, 240)


def balloon(pen: Pen, tone: Rgb) -> None:
    """A balloon on a string."""
    pen.line([(0.0, 0.3), (0.05, 0.16), (-0.02, 0.0)], (90, 90, 96), 0.02)
    pen.polygon([(-0.05, 0.27), (0.05, 0.27), (0.0, 0.34)], darker(tone, 0.25))
    pen.oval((0.0, 0.66), 0.28, 0.34, tone)
    pen.oval((-0.1, 0.78), 0.06, 0.1, lighter(tone, 0.6))


def star(pen: Pen, tone: Rgb) -> None:
    """A five-pointed star, half of each point in shade."""
    radii = (0.52, 0.22)
    points = [
        (radii[k % 2] * math.sin(k * math.pi / 5), 0.5 + radii[k % 2] * math.cos(k * math.pi / 5))
        for k in range(10)
    ]
    pen.polygon(points, tone)
    for k in range(0, 10, 2):
        pen.polygon([points[k], points[(k + 1) % 10], (0.0, 0.5)], darker(tone, 0.14))


def kite(pen: Pen, tone: Rgb) -> None:
    """A kite with a tail."""
    pen.line([(0.0, 0.4), (0.08, 0.25), (-0.04, 0.12), (0.05, 0.0)], (100, 96, 92), 0.025)
    for x, y in ((0.08, 0.25), (-0.04, 0.12)):
        pen.polygon([(x - 0.07, y + 0.03), (x + 0.07, y - 0.03), (x + 0.07, y + 0.04)], tone)
    pen.polygon([(0.0, 0.36), (0.32, 0.74), (0.0, 1.0), (-0.32, 0.74)], tone)
    pen.polygon([(0.0, 0.36), (0.32, 0.74), (0.0, 0.74)], lighter(tone, 0.5))
    pen.polygon([(0.0, 1.0), (-0.32, 0.74), (0.0, 0.74)], lighter(tone, 0.5))


def bird(pen: Pen, tone: Rgb) -> None:
    """A small flying bird."""
    pen.polygon([(-0.75, 0.62), (-0.4, 0.5), (-0.7, 0.34)], darker(tone, 0.2))
    pen.oval((0.0, 0.42), 0.5, 0.27, tone)
    pen.disc((0.45, 0.58), 0.22, tone)
    pen.polygon([(0.63, 0.64), (0.86, 0.56), (0.63, 0.5)], (244, 170, 50))
    pen.polygon([(-0.22, 0.48), (0.2, 0.5), (-0.2, 1.0)], darker(tone, 0.25))
    pen.disc((0.52, 0.63), 0.045, (40, 40, 46))


def sign(pen: Pen, tone: Rgb, text: str) -> None:
    """A sign board on two posts with a word on it."""
    for x in (-0.5, 0.44):
        pen.box((x, 0.0), (x + 0.06, 0.5), _POST)
    pen.box((-0.8, 0.36), (0.8, 1.0), darker(tone, 0.3), corner=0.06)
    pen.box((-0.75, 0.41), (0.75, 0.95), tone, corner=0.04)
    pen.word((0.0, 0.68), text, _letters(tone), (1.34, 0.48))


def poster(pen: Pen, tone: Rgb, text: str) -> None:
    """A framed poster on the wall with a word on it."""
    pen.box((-0.78, 0.0), (0.78, 1.0), (104, 80, 60), corner=0.02)
    pen.box((-0.7, 0.08), (0.7, 0.92), tone)
    pen.word((0.0, 0.5), text, _letters(tone), (1.22, 0.6))
