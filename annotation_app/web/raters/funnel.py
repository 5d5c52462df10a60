"""The funnel as a picture: each annotator's α against the others by items, with limits."""

from collections.abc import Sequence
from dataclasses import dataclass

from annotation_app.selectors.raters.panel import ALPHA, RaterRow, rater_funnel
from annotation_app.web.raters.axes import Axis, Tick

WIDTH, HEIGHT = 720.0, 340.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 16.0, 14.0, 44.0
CURVES = ("action", "warning", "warning", "action")


@dataclass(frozen=True)
class Point:
    """An annotator on the picture."""

    x: float
    y: float
    name: str
    alpha: float
    n_items: int
    is_own: bool
    is_outside: bool


@dataclass(frozen=True)
class Curve:
    """A limit: `action` or `warning`, and its points as SVG writes them."""

    kind: str
    points: str


@dataclass(frozen=True)
class FunnelPicture:
    """All that the template draws; no curves and no centre with fewer than five annotators."""

    points: Sequence[Point]
    curves: Sequence[Curve]
    centre: float | None
    centre_value: float | None
    across: Sequence[Tick]
    up: Sequence[Tick]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    foot: float = HEIGHT - BOTTOM


def draw_funnel(rows: Sequence[RaterRow], own: int | None = None) -> FunnelPicture | None:
    """Draw a dimension's annotators; None if no one has a figure.

    Args:
        rows: every annotator with ratings.
        own: user id of the annotator whose point is marked.
    """
    known = [
        (row, row.line.against[ALPHA].estimate.value, row.line.against[ALPHA].n_items)
        for row in rows
    ]
    shown = [(row, value, n) for row, value, n in known if value is not None]
    if not shown:
        return None
    made = rater_funnel(rows)
    values = [value for _, value, _ in shown]
    if made is not None:
        values += [float(made.curves.min()), float(made.curves.max())]
    low, high = max(-1.0, min(values) - 0.05), min(1.0, max(values) + 0.05)
    across = Axis(0.0, max(2.0, 1.08 * max(n for _, _, n in shown)), LEFT, WIDTH - RIGHT)
    up = Axis(low, max(high, low + 0.1), HEIGHT - BOTTOM, TOP)
    curves = []
    if made is not None:
        curves = [
            Curve(kind, _line(made.curve_n.tolist(), made.curves[:, place].tolist(), across, up))
            for place, kind in enumerate(CURVES)
        ]
    return FunnelPicture(
        points=[
            Point(
                across.place(n),
                up.place(value),
                row.user.username,
                value,
                n,
                is_own=row.user.pk == own,
                is_outside=any(signal.statistic is ALPHA for signal in row.signals),
            )
            for row, value, n in shown
        ],
        curves=curves,
        centre=None if made is None else up.place(made.centre),
        centre_value=None if made is None else made.centre,
        across=across.ticks(6),
        up=up.ticks(5),
    )


def _line(xs: Sequence[float], ys: Sequence[float], across: Axis, up: Axis) -> str:
    pairs = zip(xs, ys, strict=True)
    return " ".join(f"{across.place(x)},{up.place(y)}" for x, y in pairs)
