"""How the things on a table or a floor are drawn: one unit high, base in the origin."""

from simulation.scenes.palette import WHITE, Rgb, darker, lighter
from simulation.scenes.pen import Pen

_INK: Rgb = (58, 54, 60)
_STEM: Rgb = (70, 140, 72)


def ball(pen: Pen, tone: Rgb) -> None:
    """A ball with a band and a highlight."""
    pen.disc((0.0, 0.5), 0.5, darker(tone, 0.22))
    pen.disc((-0.03, 0.53), 0.46, tone)
    pen.arc((0.0, 1.15), 0.72, (50.0, 130.0), lighter(tone, 0.65), 0.09)
    pen.oval((-0.18, 0.76), 0.1, 0.07, lighter(tone, 0.75))


def gift(pen: Pen, tone: Rgb) -> None:
    """A wrapped box with a ribbon."""
    ribbon = lighter(tone, 0.72)
    pen.box((-0.44, 0.0), (0.44, 0.64), tone)
    pen.box((0.2, 0.0), (0.44, 0.64), darker(tone, 0.14))
    pen.box((-0.5, 0.58), (0.5, 0.76), darker(tone, 0.1), corner=0.02)
    pen.box((-0.08, 0.0), (0.08, 0.76), ribbon)
    for side in (-1, 1):
        pen.polygon([(0.0, 0.76), (side * 0.32, 0.98), (side * 0.34, 0.76)], ribbon)
        pen.polygon(
            [(side * 0.1, 0.8), (side * 0.26, 0.91), (side * 0.27, 0.8)], darker(ribbon, 0.2)
        )


def crate(pen: Pen, tone: Rgb) -> None:
    """A cube in parallel perspective."""
    pen.polygon([(-0.5, 0.0), (0.22, 0.0), (0.22, 0.72), (-0.5, 0.72)], tone)
    pen.polygon([(-0.5, 0.72), (0.22, 0.72), (0.5, 1.0), (-0.22, 1.0)], lighter(tone, 0.32))
    pen.polygon([(0.22, 0.0), (0.5, 0.28), (0.5, 1.0), (0.22, 0.72)], darker(tone, 0.28))


def mug(pen: Pen, tone: Rgb) -> None:
    """A mug with a handle."""
    pen.arc((0.38, 0.5), 0.24, (270.0, 90.0), darker(tone, 0.12), 0.09)
    pen.box((-0.4, 0.05), (0.4, 0.88), tone, corner=0.1)
    pen.box((0.2, 0.05), (0.4, 0.86), darker(tone, 0.13), corner=0.08)
    pen.oval((0.0, 0.88), 0.4, 0.12, lighter(tone, 0.35))
    pen.oval((0.0, 0.87), 0.33, 0.085, (92, 58, 38))


def vase(pen: Pen, tone: Rgb) -> None:
    """A vase holding three blossoms."""
    for x, top in ((-0.2, 0.86), (0.02, 0.95), (0.22, 0.84)):
        pen.line([(0.0, 0.5), (x, top)], _STEM, 0.035)
        pen.disc((x, top), 0.09, (246, 150, 160))
        pen.disc((x, top), 0.035, (252, 224, 120))
    pen.polygon(
        [(-0.1, 0.58), (0.1, 0.58), (0.26, 0.3), (0.16, 0.0), (-0.16, 0.0), (-0.26, 0.3)], tone
    )
    pen.polygon(
        [(0.1, 0.58), (0.26, 0.3), (0.16, 0.0), (0.06, 0.0), (0.13, 0.3)], darker(tone, 0.18)
    )
    pen.box((-0.14, 0.55), (0.14, 0.61), lighter(tone, 0.25), corner=0.02)


def book(pen: Pen, tone: Rgb) -> None:
    """Two stacked books; the upper one carries the colour."""
    for low, shade, left, right in ((0.0, (104, 96, 116), -0.8, 0.75), (0.5, tone, -0.7, 0.82)):
        pen.box((left, low), (right, low + 0.48), darker(shade, 0.08), corner=0.05)
        pen.box((left + 0.1, low + 0.1), (right + 0.01, low + 0.38), (244, 238, 222))
        pen.box((left, low + 0.38), (right, low + 0.48), shade, corner=0.04)


def lamp(pen: Pen, tone: Rgb) -> None:
    """A table lamp whose shade carries the colour."""
    pen.oval((0.0, 0.04), 0.22, 0.05, _INK)
    pen.box((-0.025, 0.04), (0.025, 0.6), _INK)
    pen.polygon([(-0.36, 0.52), (0.36, 0.52), (0.2, 1.0), (-0.2, 1.0)], tone)
    pen.polygon([(-0.2, 0.52), (0.08, 0.52), (0.05, 1.0), (-0.1, 1.0)], lighter(tone, 0.25))
    pen.oval((0.0, 0.52), 0.36, 0.045, (255, 240, 190))


def apple(pen: Pen, tone: Rgb) -> None:
    """An apple with a leaf."""
    pen.disc((-0.17, 0.45), 0.35, tone)
    pen.disc((0.17, 0.45), 0.35, darker(tone, 0.1))
    pen.oval((0.0, 0.3), 0.36, 0.29, tone)
    pen.line([(0.0, 0.72), (0.05, 0.98)], (96, 64, 40), 0.05)
    pen.polygon([(0.05, 0.82), (0.2, 0.97), (0.36, 0.9), (0.2, 0.8)], _STEM)
    pen.oval((-0.25, 0.58), 0.07, 0.1, lighter(tone, 0.6))


def bottle(pen: Pen, tone: Rgb) -> None:
    """A bottle with a label."""
    pen.box((-0.07, 0.62), (0.07, 0.96), tone, corner=0.02)
    pen.box((-0.08, 0.93), (0.08, 1.0), (160, 120, 80), corner=0.02)
    pen.polygon([(-0.07, 0.76), (0.07, 0.76), (0.18, 0.58), (-0.18, 0.58)], tone)
    pen.box((-0.18, 0.0), (0.18, 0.62), tone, corner=0.05)
    pen.box((-0.18, 0.18), (0.18, 0.44), (244, 240, 226))
    pen.box((-0.13, 0.05), (-0.08, 0.56), lighter(tone, 0.55), corner=0.02)


def teddy(pen: Pen, tone: Rgb) -> None:
    """A teddy bear."""
    pale = lighter(tone, 0.45)
    for side in (-1, 1):
        pen.disc((side * 0.24, 0.93), 0.11, darker(tone, 0.1))
        pen.oval((side * 0.36, 0.4), 0.12, 0.16, darker(tone, 0.1))
        pen.disc((side * 0.22, 0.1), 0.14, darker(tone, 0.1))
        pen.disc((side * 0.22, 0.1), 0.07, pale)
    pen.oval((0.0, 0.32), 0.31, 0.3, tone)
    pen.oval((0.0, 0.3), 0.18, 0.18, pale)
    pen.disc((0.0, 0.75), 0.29, tone)
    pen.oval((0.0, 0.66), 0.13, 0.1, pale)
    for x in (-0.11, 0.11):
        pen.disc((x, 0.8), 0.035, _INK)
    pen.oval((0.0, 0.7), 0.05, 0.035, _INK)


def clock(pen: Pen, tone: Rgb) -> None:
    """An alarm clock at ten past ten."""
    for side in (-1, 1):
        pen.line([(side * 0.25, 0.14), (side * 0.36, 0.0)], _INK, 0.07)
        pen.disc((side * 0.26, 0.9), 0.12, darker(tone, 0.2))
    pen.disc((0.0, 0.5), 0.45, tone)
    pen.disc((0.0, 0.5), 0.35, WHITE)
    pen.line([(-0.2, 0.64), (0.0, 0.5), (0.14, 0.74)], _INK, 0.045)
    for x, y in ((0.0, 0.8), (0.3, 0.5), (0.0, 0.2), (-0.3, 0.5)):
        pen.disc((x, y), 0.03, _INK)
