"""A small simulated campaign with known raters, for tests of rater statistics."""

from dataclasses import dataclass

import numpy as np

from analytics.scales import Scale
from analytics.tables import RatingTable

FOUR = Scale.of([1, 2, 3, 4])
CUTS = np.array([-1.0, 0.0, 1.0])


@dataclass(frozen=True)
class Campaign:
    table: RatingTable
    quality: np.ndarray
    severity: np.ndarray


def campaign(n_items=300, n_raters=10, candidates=4, spammers=(), severity=None, seed=1):
    """Three of the raters judge each item's candidates; spammers answer at random."""
    rng = np.random.default_rng(seed)
    n_units = n_items * candidates
    quality = 0.7 * rng.normal(size=n_items).repeat(candidates) + rng.normal(size=n_units)
    severity = np.zeros(n_raters) if severity is None else np.asarray(severity, dtype=float)
    order = rng.random((n_items, n_raters)).argsort(axis=1)
    raters = order[:, :3].repeat(candidates, axis=0)
    seen = quality[:, None] - severity[raters] + 0.7 * rng.normal(size=raters.shape)
    level = np.searchsorted(CUTS, seen)
    random = np.isin(raters, list(spammers))
    level[random] = rng.integers(0, 4, int(random.sum()))
    table = RatingTable.from_long(
        units=np.arange(n_units).repeat(3).tolist(),
        raters=[f"r{rater}" for rater in raters.reshape(-1)],
        values=(level.reshape(-1) + 1).tolist(),
        items=np.arange(n_items).repeat(3 * candidates).tolist(),
        scale=FOUR,
    )
    return Campaign(table, quality, severity)
