"""A drift's course as a picture: both sums of the CUSUM by item, with the threshold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from annotation_app.web.raters.axes import Axis, Tick

WIDTH, HEIGHT = 720.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 52.0, 16.0, 12.0, 44.0
FEWEST_POINTS = 2


@dataclass(frozen=True)
class CoursePicture:
    """Lines as SVG writes them: `upper` for rising scores, `lower` for falling ones."""

    upper: str
    lower: str
    threshold: float
    across: Sequence[Tick]
    up: Sequence[Tick]
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    foot: float = HEIGHT - BOTTOM


def draw_course(facts: Mapping[str, Any]) -> CoursePicture | None:
    """Draw the drift that a study found; None for a course too short to see."""
    items = facts["items"]
    if len(items) < FEWEST_POINTS:
        return None
    top = 1.1 * max(facts["threshold"], *facts["upper"], *facts["lower"])
    across = Axis(items[0], items[-1], LEFT, WIDTH - RIGHT)
    up = Axis(0.0, top, HEIGHT - BOTTOM, TOP)
    return CoursePicture(
        upper=_line(items, facts["upper"], across, up),
        lower=_line(items, facts["lower"], across, up),
        threshold=up.place(facts["threshold"]),
        across=across.ticks(5),
        up=up.ticks(3),
    )


def _line(xs: Sequence[float], ys: Sequence[float], across: Axis, up: Axis) -> str:
    pairs = zip(xs, ys, strict=True)
    return " ".join(f"{across.place(x)},{up.place(y)}" for x, y in pairs)
