"""Campaigns with known quality, severity and discrimination; for the study of the facet model."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from analytics.scales import Scale
from analytics.tables import RatingTable

Floats = NDArray[np.float64]
SCALE = Scale.of([1, 2, 3, 4])
SPAMMERS = (0, 1)
RATERS, CANDIDATES, PER_UNIT = 40, 7, 3
SMALL_ITEMS, SMALL_RATERS, SMALL_CANDIDATES = 200, 12, 4
THRESHOLDS = np.array([-2.0, 0.0, 2.0])
CUTS, NOISE = np.array([-1.0, 0.0, 1.0]), 1.0
# A level in the middle, and the best one, for raters who always give the same.
ALWAYS = (1, 3)


class Spam(StrEnum):
    """What the first two raters do."""

    NOTHING = "honest"
    RANDOM = "two answer at random"
    CONSTANT = "two always give the same level"


@dataclass(frozen=True, eq=False)
class Drawn:
    """A campaign and its truth.

    Attributes:
        table: the ratings.
        quality: (U,) of the candidates.
        severity: (R,) in standard deviations of quality, the average rater's being zero.
        discrimination: (R,) zero for spammers.
    """

    table: RatingTable
    quality: Floats
    severity: Floats
    discrimination: Floats


def draw_at_paper_size(n_items: int, rng: np.random.Generator) -> Drawn:
    """Normal quality and noise cut at three places, so that neither form is favoured.

    The two first of the 40 raters draw their levels uniformly.
    """
    units, raters, items = _design(n_items, CANDIDATES, RATERS, rng)
    quality = rng.normal(size=n_items * CANDIDATES)
    severity = 0.4 * rng.normal(size=RATERS)
    noise = NOISE * rng.normal(size=len(units))
    level = np.searchsorted(CUTS, quality[units] - severity[raters] + noise)
    _spam(level, raters, Spam.RANDOM, rng)
    discrimination = np.full(RATERS, np.nan)
    discrimination[list(SPAMMERS)] = 0
    return Drawn(_table(units, raters, level, items), quality, severity, discrimination)


def draw_small(rng: np.random.Generator, spam: Spam) -> Drawn:
    """800 candidates by 3 of 12 raters, drawn from the model itself; two of them may be spam."""
    units, raters, items = _design(SMALL_ITEMS, SMALL_CANDIDATES, SMALL_RATERS, rng)
    quality = rng.normal(size=SMALL_ITEMS * SMALL_CANDIDATES)
    discrimination = 2 * np.exp(rng.normal(0, 0.25, SMALL_RATERS))
    severity = rng.normal(0, 0.4, SMALL_RATERS)
    gap = discrimination[raters] * (quality[units] - severity[raters])
    above = expit(gap[:, None] - THRESHOLDS)
    level = np.asarray((rng.random(len(units))[:, None] < above).sum(axis=1))
    _spam(level, raters, spam, rng)
    if spam is not Spam.NOTHING:
        discrimination[list(SPAMMERS)] = 0
    weights = np.bincount(raters) * discrimination
    mean = weights @ (discrimination * severity) / weights.sum()
    severity = np.divide(
        discrimination * severity - mean,
        discrimination,
        out=np.zeros(SMALL_RATERS),
        where=discrimination > 0,
    )
    return Drawn(_table(units, raters, level, items), quality, severity, discrimination)


def _spam(
    level: NDArray[np.int64], raters: NDArray[np.int64], spam: Spam, rng: np.random.Generator
) -> None:
    """Overwrite the spammers' levels."""
    for rater, always in zip(SPAMMERS, ALWAYS, strict=True):
        mine = raters == rater
        if spam is Spam.RANDOM:
            level[mine] = rng.integers(0, len(SCALE), int(mine.sum()))
        elif spam is Spam.CONSTANT:
            level[mine] = always


def _design(
    n_items: int, candidates: int, n_raters: int, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """(N,) unit and (N,) rater of each rating, and (U,) item of each unit."""
    order = rng.random((n_items, n_raters)).argsort(axis=1)[:, :PER_UNIT]
    units = np.arange(n_items * candidates).repeat(PER_UNIT)
    return (
        units,
        order.repeat(candidates, axis=0).reshape(-1),
        np.arange(n_items).repeat(candidates),
    )


def _table(
    units: NDArray[np.int64],
    raters: NDArray[np.int64],
    level: NDArray[np.int64],
    items: NDArray[np.int64],
) -> RatingTable:
    return RatingTable.from_indices(
        unit=units, rater=raters, level=level, scale=SCALE, unit_item=items
    )
