"""Whole campaigns of simulated ratings as arrays, without images. Ceilings and studies call it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulation.annotators.annotator import Annotator
from simulation.truth import DIMENSIONS, Truth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TruthTable:
    """Truth of g items with k candidates each; both arrays (g, k, 2), columns as `DIMENSIONS`."""

    quality: Floats
    ambiguity: Floats

    @property
    def items(self) -> int:
        """How many items."""
        return len(self.quality)


@dataclass(frozen=True)
class SimulatedRatings:
    """Ratings of g items by r raters each.

    `levels` is (g, r, k, 2) with NaN for *cannot judge*, `raters` (g, r) the places in the roster,
    `seconds` (g, r, k), `when` (g,) the moment of the campaign, 0 to 1.
    """

    levels: Floats
    raters: NDArray[np.int64]
    seconds: Floats
    when: Floats


def tabulate_truth(groups: Iterable[Sequence[Truth]]) -> TruthTable:
    """The truths of each item's shown candidates as arrays.

    Raises:
        ValueError: If the items do not all show the same number of candidates.
    """
    rows = [list(group) for group in groups]
    if not rows or len({len(row) for row in rows}) != 1:
        raise ValueError("one item at least, and the same number of candidates for each")
    quality = [[[t.quality[d] for d in DIMENSIONS] for t in row] for row in rows]
    ambiguity = [[[t.ambiguity[d] for d in DIMENSIONS] for t in row] for row in rows]
    return TruthTable(np.asarray(quality), np.asarray(ambiguity))


def simulate_ratings(
    table: TruthTable, roster: Sequence[Annotator], raters: int, rng: np.random.Generator
) -> SimulatedRatings:
    """Let `raters` members of the roster, drawn at random per item, rate all its candidates.

    Items are rated in order: the first at moment 0, the last at moment 1.

    Raises:
        ValueError: If the roster is smaller than `raters`.
    """
    if not 1 <= raters <= len(roster):
        raise ValueError("raters must be between 1 and the size of the roster")
    items, shown = table.quality.shape[:2]
    when = np.linspace(0.0, 1.0, items)
    places = np.tile(np.arange(len(roster)), (items, 1))
    picks = rng.permuted(places, axis=1)[:, :raters]
    levels = np.empty((items, raters, shown, len(DIMENSIONS)))
    seconds = np.empty((items, raters, shown))
    for place, annotator in enumerate(roster):
        item, slot = np.nonzero(picks == place)
        given, taken = annotator.rate_many(
            table.quality[item].reshape(-1, len(DIMENSIONS)),
            table.ambiguity[item].reshape(-1, len(DIMENSIONS)),
            rng,
            np.repeat(when[item], shown),
        )
        levels[item, slot] = given.reshape(-1, shown, len(DIMENSIONS))
        seconds[item, slot] = taken.reshape(-1, shown)
    return SimulatedRatings(np.where(levels == 0, np.nan, levels), picks, seconds, when)
