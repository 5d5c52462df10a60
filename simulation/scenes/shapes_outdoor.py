"""How the things on the ground outside are drawn: one unit high, base in the origin."""

from simulation.scenes.palette import WHITE, Rgb, darker, lighter
from simulation.scenes.pen import Pen

_WOOD: Rgb = (122, 82, 48)
_LEAF: Rgb = (70, 150, 70)
_GLASS: Rgb = (196, 226, 240)
_INK: Rgb = (52, 52, 60)


def house(pen: Pen, tone: Rgb) -> None:
    """A house whose walls carry the colour."""
    pen.box((0.3, 0.7), (0.42, 1.0), darker(_WOOD, 0.3))
    pen.box((-0.5, 0.0), (0.5, 0.6), tone)
    pen.box((0.28, 0.0), (0.5, 0.6), darker(tone, 0.12))
    pen.polygon([(-0.6, 0.58), (0.6, 0.58), (0.0, 1.0)], (150, 70, 58))
    pen.polygon([(0.0, 1.0), (0.6, 0.58), (0.2, 0.58)], (128, 58, 50))
    pen.box((-0.1, 0.0), (0.1, 0.34), darker(_WOOD, 0.15), corner=0.02)
    for x in (-0.42, 0.2):
        pen.box((x, 0.26), (x + 0.21, 0.48), WHITE)
        pen.box((x + 0.025, 0.285), (x + 0.185, 0.455), _GLASS)
        pen.box((x + 0.095, 0.26), (x + 0.115, 0.48), WHITE)


def tree(pen: Pen, tone: Rgb) -> None:
    """A broad-leaved tree whose crown carries the colour."""
    pen.polygon([(-0.07, 0.0), (0.07, 0.0), (0.045, 0.5), (-0.045, 0.5)], _WOOD)
    for x, y, radius in ((-0.2, 0.56, 0.2), (0.2, 0.56, 0.2), (0.0, 0.62, 0.26), (0.0, 0.8, 0.2)):
        pen.disc((x, y), radius, darker(tone, 0.16))
    for x, y, radius in ((-0.19, 0.6, 0.16), (0.12, 0.64, 0.18), (-0.03, 0.8, 0.16)):
        pen.disc((x, y), radius, tone)
    pen.disc((-0.08, 0.8), 0.08, lighter(tone, 0.2))


def pine(pen: Pen, tone: Rgb) -> None:
    """A fir tree in three tiers."""
    pen.box((-0.05, 0.0), (0.05, 0.22), _WOOD)
    for low, high, half in ((0.14, 0.55, 0.34), (0.36, 0.78, 0.27), (0.58, 1.0, 0.2)):
        pen.polygon([(-half, low), (half, low), (0.0, high)], tone)
        pen.polygon([(0.04, low), (half, low), (0.0, high)], darker(tone, 0.18))


def flower(pen: Pen, tone: Rgb) -> None:
    """A flower with five petals."""
    pen.line([(0.0, 0.0), (0.02, 0.62)], darker(_LEAF, 0.1), 0.06)
    pen.polygon([(0.0, 0.12), (0.26, 0.34), (0.04, 0.3)], _LEAF)
    pen.polygon([(0.0, 0.06), (-0.26, 0.28), (-0.02, 0.24)], _LEAF)
    for x, y in ((0.0, 0.88), (0.17, 0.76), (0.11, 0.57), (-0.11, 0.57), (-0.17, 0.76)):
        pen.disc((x, y), 0.13, tone)
    pen.disc((0.0, 0.71), 0.1, (250, 214, 74))


def car(pen: Pen, tone: Rgb) -> None:
    """A car seen from the side."""
    pen.polygon([(-0.5, 0.5), (-0.3, 1.0), (0.34, 1.0), (0.6, 0.5)], tone)
    pen.polygon([(-0.38, 0.56), (-0.24, 0.9), (0.0, 0.9), (0.0, 0.56)], _GLASS)
    pen.polygon([(0.07, 0.56), (0.07, 0.9), (0.3, 0.9), (0.46, 0.56)], _GLASS)
    pen.box((-0.95, 0.16), (0.95, 0.6), tone, corner=0.14)
    pen.box((-0.95, 0.16), (0.95, 0.3), darker(tone, 0.2), corner=0.08)
    pen.disc((0.88, 0.44), 0.07, (255, 238, 170))
    for x in (-0.52, 0.52):
        pen.disc((x, 0.2), 0.21, _INK)
        pen.disc((x, 0.2), 0.1, (176, 178, 186))


def mushroom(pen: Pen, tone: Rgb) -> None:
    """A toadstool with pale dots."""
    pen.polygon([(-0.16, 0.0), (0.16, 0.0), (0.1, 0.55), (-0.1, 0.55)], (238, 226, 204))
    pen.oval((0.0, 0.6), 0.48, 0.38, tone)
    pen.box((-0.5, 0.18), (0.5, 0.5), (238, 226, 204, 0))
    pen.oval((0.0, 0.5), 0.46, 0.1, darker(tone, 0.2))
    for x, y, radius in ((-0.22, 0.7, 0.07), (0.05, 0.84, 0.08), (0.26, 0.66, 0.06)):
        pen.disc((x, y), radius, lighter(tone, 0.85))


def umbrella(pen: Pen, tone: Rgb) -> None:
    """An open parasol in two shades."""
    pen.line([(0.0, 0.0), (0.0, 0.95)], (110, 92, 80), 0.04)
    ribs = (-0.62, -0.31, 0.0, 0.31, 0.62)
    for left, right, shade in zip(ribs, ribs[1:], (0.0, 0.45, 0.0, 0.45), strict=False):
        edge = [(left, 0.58), (right, 0.58), (right * 0.62, 0.85), (left * 0.62, 0.85)]
        pen.polygon(
            [*edge[:3], (right * 0.2, 0.98), (left * 0.2, 0.98), edge[3]], lighter(tone, shade)
        )
    pen.disc((0.0, 0.98), 0.035, darker(tone))


def cat(pen: Pen, tone: Rgb) -> None:
    """A sitting cat."""
    pen.arc((0.3, 0.22), 0.2, (270.0, 90.0), darker(tone, 0.15), 0.08)
    pen.oval((0.0, 0.26), 0.28, 0.28, tone)
    pen.oval((0.0, 0.2), 0.15, 0.18, lighter(tone, 0.4))
    for side in (-1, 1):
        pen.polygon([(side * 0.27, 0.72), (side * 0.24, 1.0), (side * 0.05, 0.86)], tone)
        pen.polygon([(side * 0.23, 0.76), (side * 0.22, 0.93), (side * 0.1, 0.84)], (238, 164, 164))
    pen.oval((0.0, 0.67), 0.29, 0.23, tone)
    for x in (-0.12, 0.12):
        pen.oval((x, 0.7), 0.05, 0.06, WHITE)
        pen.oval((x, 0.7), 0.025, 0.045, _INK)
    pen.polygon([(-0.035, 0.62), (0.035, 0.62), (0.0, 0.58)], (226, 110, 120))


def boat(pen: Pen, tone: Rgb) -> None:
    """A sailing boat whose sails carry the colour."""
    pen.line([(0.0, 0.2), (0.0, 1.0)], _WOOD, 0.035)
    pen.polygon([(0.04, 0.3), (0.04, 0.98), (0.46, 0.3)], tone)
    pen.polygon([(-0.04, 0.3), (-0.04, 0.86), (-0.36, 0.3)], lighter(tone, 0.35))
    pen.polygon([(-0.55, 0.24), (0.55, 0.24), (0.38, 0.0), (-0.38, 0.0)], darker(_WOOD, 0.05))
    pen.polygon([(-0.55, 0.24), (0.55, 0.24), (0.51, 0.18), (-0.51, 0.18)], (232, 220, 196))
