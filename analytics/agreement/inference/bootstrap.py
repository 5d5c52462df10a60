"""Seeded item-cluster bootstrap: every replicate of every statistic is one matrix product."""

from collections.abc import Iterator

import numpy as np
from scipy import sparse

from analytics.agreement.coefficients.catalogue import Coefficient, Statistic, point, statistic
from analytics.agreement.sums.cluster_rows import Rows, pairable, rated, total_of
from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.parted_sums import AnySums, PartedSums
from analytics.agreement.sums.patterns import Integers
from analytics.agreement.sums.sparse_vectors import SparseVectors
from analytics.estimates import Interval, Reason
from analytics.limits import CONFIDENCE, FEWEST_ITEMS
from analytics.scales import Scale

METHOD = "item-cluster bootstrap, percentiles"
N_REPLICATES = 1000
# Above this share of replicates without variation the percentiles would flatter.
UNDEFINED_LIMIT = 0.01
CHUNK = 125
# Numbers in the sums of the replicates that are made at once.
NUMBERS = 1 << 22


def bootstrap_sums(
    rows: Floats, rng: np.random.Generator, *, n_replicates: int = N_REPLICATES
) -> Floats:
    """Return (B, K) sums of B resamples, with replacement, of the (G, K) cluster rows."""
    draws = drawn_times(_one_stratum(rows), rng, n_replicates=n_replicates, at_once=CHUNK)
    return np.concatenate([times @ rows for times in draws])


def stratified_sums(
    rows: Floats, stratum: Integers, rng: np.random.Generator, *, n_replicates: int = N_REPLICATES
) -> Floats:
    """Like `bootstrap_sums`, each (G,) stratum of clusters keeping its size."""
    sums = np.zeros((n_replicates, rows.shape[1]))
    for place in np.unique(stratum):
        sums += bootstrap_sums(rows[stratum == place], rng, n_replicates=n_replicates)
    return sums


def drawn_times(
    stratum: Integers, rng: np.random.Generator, *, n_replicates: int, at_once: int
) -> Iterator[Floats]:
    """Yield (b, G) how often each cluster is drawn, some replicates at a time.

    Each (G,) stratum of clusters keeps its size, as in `stratified_sums`, whose draws differ.
    """
    places = [np.flatnonzero(stratum == place) for place in np.unique(stratum)]
    for start in range(0, n_replicates, at_once):
        size = min(at_once, n_replicates - start)
        times = np.zeros((size, len(stratum)))
        for mine in places:
            times[:, mine] = _times_drawn(len(mine), size, rng)
        yield times


def resampled(rows: Rows, times: Floats) -> AnySums:
    """Return the (b, K) sums of rows that occur `times` times in each of b replicates."""
    if not isinstance(rows, SparseVectors):
        return times @ rows
    layout = rows.layout
    sums = sparse.csr_array((rows.matrix.T @ times.T).T)
    return PartedSums(layout, np.zeros(layout.size), SparseVectors(layout, sums))


def replicates_at_once(*several: Rows) -> int:
    """How many replicates of sparse rows to make at once, so that their sums stay small."""
    sizes = [rows.layout.size for rows in several if isinstance(rows, SparseVectors)]
    return max(1, min(CHUNK, NUMBERS // max(sizes, default=1)))


def replicate_statistic(statistic_: Statistic, sums: AnySums) -> Floats:
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
    rows: Rows,
    scale: Scale,
    rng: np.random.Generator,
    *,
    n_replicates: int = N_REPLICATES,
) -> Interval:
    """Compute the interval of a published table: "these annotators, new items".

    Args:
        coefficient: what to compute.
        rows: (G, K) sums of each item, see `cluster_rows.item_rows`; items that the coefficient
            does not see, for want of ratings or of overlap, are not drawn.
        scale: the levels of the rows.
        rng: the generator; the same seed gives the same interval.
        n_replicates: B.
    """
    value = point(coefficient, total_of(rows), scale)
    if value.reason:
        return Interval.undefined(METHOD, value.reason)
    if (pairable(rows) > 0).sum() < FEWEST_ITEMS:
        return Interval.undefined(METHOD, Reason.FEW_ITEMS)
    seen = rated(rows) if coefficient.uses_single_ratings else pairable(rows)
    found = _replicates(statistic(coefficient, scale), rows[seen > 0], rng, n_replicates)
    return percentile_interval(found)


def _replicates(
    statistic_: Statistic, rows: Rows, rng: np.random.Generator, n_replicates: int
) -> Floats:
    at_once = replicates_at_once(rows)
    draws = drawn_times(_one_stratum(rows), rng, n_replicates=n_replicates, at_once=at_once)
    found = [replicate_statistic(statistic_, resampled(rows, times)) for times in draws]
    return np.concatenate(found)


def _one_stratum(rows: Rows) -> Integers:
    return np.zeros(len(rows), dtype=np.int64)


def _times_drawn(n_clusters: int, n_replicates: int, rng: np.random.Generator) -> Floats:
    """(B, G) how often each cluster is drawn in each replicate."""
    drawn = rng.integers(0, n_clusters, (n_replicates, n_clusters), dtype=np.int64)
    drawn += n_clusters * np.arange(n_replicates)[:, None]
    times = np.bincount(drawn.reshape(-1), minlength=n_replicates * n_clusters)
    return times.reshape(n_replicates, n_clusters).astype(np.float64)
