"""The levels of a dimension in a foreign file: declared, stated in the file, or guessed aloud."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from analytics.scales import MOST_LEVELS, Scale

MOST_GUESSED = 1_000  # different scores that are still taken for levels
SHOWN = 12
NUMBER = r"(-?\d+(?:\.\d+)?)"
RANGE = re.compile(rf"{NUMBER}\s*(?:\.\.|[-–])\s*{NUMBER}(?:\s*(?:\.\.|:)\s*{NUMBER})?")
CODES = frozenset({-1.0, 88.0, 99.0, 999.0, 9999.0, -9.0, -88.0, -99.0, -999.0, -9999.0, 9.0})
GRID_FROM = 6  # so many levels at equal distances are a grid, such as a slider's steps of 5
FAR = 2  # times the other levels' range: a level so far from them is called an outlier
DECLARE = "Declare the levels with --levels, or the code of missing values with --missing."


class Origin(StrEnum):
    """Where the levels of a dimension come from."""

    DECLARED = "declared"
    FILE = "stated in the file"
    FORMAT = "given by the format"
    GUESSED = "guessed from the scores"


@dataclass(frozen=True)
class FoundScale:
    """The levels of a dimension.

    Attributes:
        scale: the levels.
        origin: where they come from.
        notes: what is doubtful about them, each a sentence.
    """

    scale: Scale
    origin: Origin
    notes: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The levels and their origin, for a line of a report."""
        return f"{list_levels(self.scale.values)} ({self.origin})"


def list_levels(levels: Sequence[float]) -> str:
    """Levels in a line; a long list by its ends.

    >>> list_levels([1, 2, 2.5])
    '1, 2, 2.5'
    """
    if len(levels) <= SHOWN:
        return ", ".join(f"{level:g}" for level in levels)
    head = ", ".join(f"{level:g}" for level in levels[:3])
    return f"{head}, …, {levels[-1]:g}, {len(levels)} levels"


def parse_levels(text: str) -> tuple[float, ...]:
    """Levels as a person writes them: `1,2,3,4`, `1..4`, `1-4`, `0..100..5`.

    Raises:
        ValueError: it is none of these, or gives fewer than two levels or too many.

    >>> parse_levels("0..1..0.5"), parse_levels("1,3,5"), parse_levels("1-4")
    ((0.0, 0.5, 1.0), (1.0, 3.0, 5.0), (1.0, 2.0, 3.0, 4.0))
    """
    match = RANGE.fullmatch(text.strip())
    if match:
        return _range(float(match[1]), float(match[2]), float(match[3] or 1), text)
    try:
        levels = sorted({float(part) for part in re.split(r"[,;|]", text)})
        Scale.of(levels)
    except ValueError as error:
        raise ValueError(
            f"{text!r} does not name levels: write them as 1,2,3,4 or 1..4 or 0..100..5"
        ) from error
    return _bounded(levels)


def _range(low: float, high: float, step: float, text: str) -> tuple[float, ...]:
    if not low < high or not step > 0:
        raise ValueError(f"{text!r} is not a range of levels: write LOW..HIGH or LOW..HIGH..STEP")
    count = (high - low) / step
    if count > MOST_LEVELS:
        raise ValueError(f"{text!r} gives over {MOST_LEVELS:,} levels")
    if abs(count - round(count)) > 1e-9:  # noqa: PLR2004 - float noise of decimal steps
        raise ValueError(f"{text!r}: the step {step:g} does not lead from {low:g} to {high:g}")
    return tuple(round(low + place * step, 12) for place in range(round(count) + 1))


def _bounded(levels: Sequence[float]) -> tuple[float, ...]:
    if len(levels) > MOST_LEVELS:
        raise ValueError(f"{len(levels)} levels are given; at most {MOST_LEVELS:,} are allowed")
    return tuple(levels)


def guess_scale(dimension: str, scores: Sequence[float]) -> FoundScale:
    """The levels that occur, with every reason to doubt that they are the whole scale.

    No level is filled in: levels that no rating has are unknown. Krippendorff's α and Fleiss' κ
    need none of them; AC1, AC2, Brennan-Prediger and agreement within one level do.

    Raises:
        ValueError: there are too many different scores.
    """
    counts = Counter(scores)
    levels = sorted(counts)
    if len(levels) > MOST_GUESSED:
        raise ValueError(
            f"{dimension} has {len(levels):,} different scores, at most {MOST_GUESSED:,} are "
            "allowed: round them, or declare the levels with --levels"
        )
    if len(levels) < 2:  # noqa: PLR2004 - a scale has two levels
        return _narrow(dimension, levels)
    guessed = (
        f"{dimension}: the levels are guessed from the scores: {list_levels(levels)}. AC1, AC2, "
        "Brennan-Prediger and agreement within one level are wrong if the scale has others; "
        "declare it with --levels."
    )
    notes = [guessed, *_doubts(dimension, levels, counts)]
    return FoundScale(Scale.of(levels), Origin.GUESSED, tuple(notes))


def _narrow(dimension: str, levels: Sequence[float]) -> FoundScale:
    low = levels[0] if levels else 0.0
    what = f"only the score {low:g} occurs" if levels else "no score occurs"
    note = f"{dimension}: {what}, so the scale is unknown; declare it with --levels."
    return FoundScale(Scale.of([low, low + 1]), Origin.GUESSED, (note,))


def _doubts(dimension: str, levels: Sequence[float], counts: Counter[float]) -> list[str]:
    codes = [level for level in levels if _is_code(level, levels)]
    outliers = [level for level in levels if level not in codes and _is_outlier(level, levels)]
    notes = [
        f"{dimension}: {level:g} ({counts[level]:,} times) looks like a code of a missing value"
        f" and counts as a level. {DECLARE}"
        for level in codes
    ]
    notes += [
        f"{dimension}: {level:g} ({counts[level]:,} times) is far from the other levels and may"
        f" be a mistyped score. {DECLARE}"
        for level in outliers
    ]
    rest = [level for level in levels if level not in codes and level not in outliers]
    gaps = _gaps(rest)
    if gaps:
        notes.append(
            f"{dimension}: no rating is {list_levels(gaps)}; declare the levels with --levels if"
            " they belong to the scale."
        )
    return notes


def _is_code(level: float, levels: Sequence[float]) -> bool:
    """A usual code of missing values that is separate from the other levels, not among them."""
    if level not in CODES:
        return False
    if level < 0:
        return all(one >= 0 or one in CODES for one in levels)
    rest = [one for one in levels if one != level]
    step = min((b - a for a, b in pairwise(rest)), default=1.0)
    return level > rest[-1] + max(step, 1.0) + 1e-9


def _is_outlier(level: float, levels: Sequence[float]) -> bool:
    rest = [one for one in levels if one != level]
    if len(rest) < 2:  # noqa: PLR2004 - one level has no range
        return False
    distance = min(abs(level - rest[0]), abs(level - rest[-1]))
    outside = not rest[0] < level < rest[-1]
    return outside and distance > FAR * (rest[-1] - rest[0])


def _gaps(levels: Sequence[float]) -> list[float]:
    """Levels that are left out: whole numbers between few levels, else places of their grid."""
    if len(levels) < 2:  # noqa: PLR2004 - there is no gap
        return []
    is_whole = all(level == int(level) for level in levels)
    step = 1.0 if is_whole and len(levels) < GRID_FROM else _step(levels)
    count = (levels[-1] - levels[0]) / step
    if count > MOST_GUESSED:
        return []
    there = {round((level - levels[0]) / step, 6) for level in levels}
    return [levels[0] + place * step for place in range(round(count) + 1) if place not in there]


def _step(levels: Sequence[float]) -> float:
    return min(b - a for a, b in pairwise(levels))
