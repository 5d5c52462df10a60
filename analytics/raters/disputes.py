"""Which items people disagree on: levels far apart, or opposite preferences between candidates."""

from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations
from typing import TypeVar

Unit = TypeVar("Unit", bound=Hashable)
# level or overall of each candidate by one rater; None where not judged
RaterScores = Mapping[Unit, float | None]


def widest_range(raters: Sequence[RaterScores[Unit]]) -> float:
    """Return the largest distance between two raters on one unit; 0 with fewer than two.

    >>> widest_range([{"a": 1, "b": 3}, {"a": 4, "b": None}])
    3
    """
    widest: float = 0
    for unit in {unit for scores in raters for unit in scores}:
        given = [scores[unit] for scores in raters if scores.get(unit) is not None]
        levels = [level for level in given if level is not None]
        if len(levels) > 1:
            widest = max(widest, max(levels) - min(levels))
    return widest


def opposite_preference(raters: Sequence[RaterScores[Unit]], gap: float) -> bool:
    """Whether one rater prefers a candidate by at least `gap` and another the other one.

    >>> opposite_preference([{"a": 8, "b": 6}, {"a": 4, "b": 6}], 2)
    True
    """
    units = sorted({unit for scores in raters for unit in scores}, key=repr)
    for first, second in combinations(units, 2):
        leads = [
            a - b
            for scores in raters
            if (a := scores.get(first)) is not None and (b := scores.get(second)) is not None
        ]
        if leads and max(leads) >= gap and min(leads) <= -gap:
            return True
    return False
