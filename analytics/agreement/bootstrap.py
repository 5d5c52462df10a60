"""Seeded item-cluster bootstrap: every replicate of every statistic is one matrix product."""

import numpy as np

from analytics.agreement.coefficients import Coefficient, Statistic, point, statistic
from analytics.agreement.jackknife import CONFIDENCE
from analytics.agreement.layout import Floats
from analytics.agreement.patterns import Integers
from analytics.estimates import Interval, Reason
from analytics.scales import Scale

METHOD = "item-cluster bootstrap, percentiles"
N_REPLICATES = 1000
MIN_ITEMS = 5
# Above this share of replicates without variation the percentiles would flatter.
UNDEFINED_LIMIT = 0.01
CHUNK = 125


def bootstrap_sums(
    rows: Floats, rng: np.random.Generator, *, n_replicates: int = N_REPLICATES
) -> Floats:
    """Return (B, K) sums of B resamples, with replacement, of the (G, K) cluster rows."""
    sums = np.empty((n_replicates, rows.shape[1]))
    for start in range(0, n_replicates, CHUNK):
        size = min(CHUNK, n_replicates - start)
        sums[start : start + size] = _times_drawn(len(rows), size, rng) @ rows
    return sums


def stratified_sums(
    rows: Floats, stratum: Integers, rng: np.random.Generator, *, n_replicates: int = N_REPLICATES
) -> Floats:
    """Like `bootstrap_sums`, each (G,) stratum of clusters keeping its size."""
    sums = np.zeros((n_replicates, rows.shape[1]))
    for place in np.unique(stratum):
        sums += bootstrap_sums(rows[stratum == place], rng, n_replicates=n_replicates)
    return sums


def replicate_statistic(statistic_: Statistic, sums: Floats) -> Floats:
    """Return the (B,) statistic of bootstrap sums."""
    return np.asarray(statistic_(sums), dtype=np.float64)


def percentile_interval(replicates: Floats, *, method: str = METHOD) -> Interval:
    """Take the percentiles of (B,) replicates; few undefined ones are left out."""
    defined = replicates[np.isfinite(replicates)]
    if len(defined) < (1 - UNDEFINED_LIMIT) * len(replicates) or not len(defined):
        return Interval.undefined(method, Reason.NO_VARIATION)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(defined, [tail, 1 - tail])
    error = float(np.std(defined, ddof=1))
    return Interval(low=float(low), high=float(high), method=method, standard_error=error)


def bootstrap_interval(
    coefficient: Coefficient,
    rows: Floats,
    scale: Scale,
    rng: np.random.Generator,
    *,
    n_replicates: int = N_REPLICATES,
) -> Interval:
    """Compute the interval of a published table: "these annotators, new items".

    Args:
        coefficient: what to compute.
        rows: (G, K) sums of each item, see `evidence.ItemRows`.
        scale: the declared levels.
        rng: the generator; the same seed gives the same interval.
        n_replicates: B.
    """
    value = point(coefficient, rows.sum(axis=0), scale)
    if value.reason:
        return Interval.undefined(METHOD, value.reason)
    if (rows[:, -1] > 0).sum() < MIN_ITEMS:
        return Interval.undefined(METHOD, Reason.FEW_ITEMS)
    sums = bootstrap_sums(rows, rng, n_replicates=n_replicates)
    return percentile_interval(replicate_statistic(statistic(coefficient, scale), sums))


def _times_drawn(n_clusters: int, n_replicates: int, rng: np.random.Generator) -> Floats:
    """(B, G) how often each cluster is drawn in each replicate."""
    drawn = rng.integers(0, n_clusters, (n_replicates, n_clusters), dtype=np.int64)
    drawn += n_clusters * np.arange(n_replicates)[:, None]
    times = np.bincount(drawn.reshape(-1), minlength=n_replicates * n_clusters)
    return times.reshape(n_replicates, n_clusters).astype(np.float64)
