"""The sums behind rater panels: each rater against the others, item by item; shared units."""

from collections.abc import Collection

import numpy as np
from scipy import sparse

from analytics.agreement.sums.exact.cluster_moments import cluster_body
from analytics.agreement.sums.exact.exact_sums import RaterPair
from analytics.agreement.sums.exact.integers import Whole, narrowed
from analytics.agreement.sums.exact.signed_ratings import SignedRatings
from analytics.agreement.sums.exact.vectors import unit_vectors, versus_vectors
from analytics.agreement.sums.group_sums import slices, sum_by_key
from analytics.agreement.sums.layout import PAIR, Layout
from analytics.validation import Indices


def count_panels(
    ratings: SignedRatings, clusters: Indices, rows: Whole, strata: Collection[int]
) -> dict[int, dict[int, Whole]]:
    """Return the panel sums of each rater by stratum, see `vectors.panel_powers`.

    Args:
        ratings: of whole items, on a scale of whole values.
        clusters: (C,) stratum · G + state of each row, in order.
        rows: (C, K) vectors of the items.
        strata: which strata.
    """
    units, n_states = ratings.units, max(len(ratings.sign), 1)
    sizes = units.counts.sum(axis=1)[units.of_rating]
    chosen = np.flatnonzero(np.isin(ratings.stratum, list(strata)) & (sizes >= PAIR))
    ids, places = np.unique(ratings.rater[chosen], return_inverse=True)
    n_raters = max(len(ids), 1)
    owner = ratings.stratum[chosen] * n_raters + places
    keys, sums = sum_by_key(
        owner * n_states + ratings.state[chosen], _rating_vectors(ratings, chosen)
    )
    owner, state = keys // n_states, keys % n_states
    place = np.searchsorted(clusters, owner // n_raters * n_states + state)
    n_triangle = Layout(len(ratings.scale)).n_triangle
    n_versus = len(ratings.scale) ** 2 + 1
    influence = np.hstack([rows[place, :n_triangle], sums[:, n_versus:]])
    found: dict[int, dict[int, Whole]] = {stratum: {} for stratum in strata}
    for code, part in enumerate(slices(owner, ratings.n_strata * n_raters)):
        sign = ratings.sign[state[part]]
        if not len(sign):
            continue
        panel = _panel(sums[part, :n_versus], influence[part], sign)
        if panel.any():
            found[code // n_raters][int(ids[code % n_raters])] = panel
    return found


def _panel(versus: Whole, influence: Whole, sign: Indices) -> Whole:
    halves = [cluster_body(rows, sign) for rows in (versus, influence)]
    return narrowed(np.concatenate([np.array([sign.sum()]), *halves]))


def _rating_vectors(ratings: SignedRatings, chosen: Indices) -> Whole:
    """(n, V² + 1 + T) vectors against the others, and what each rating adds to the triangle."""
    units, n_levels = ratings.units, len(ratings.scale)
    cells = units.pattern[units.of_rating[chosen]] * n_levels + ratings.level[chosen]
    found, cell = np.unique(cells, return_inverse=True)
    counts, level = units.patterns[found // n_levels], found % n_levels
    others = counts - np.eye(n_levels, dtype=np.int64)[level]
    added = unit_vectors(counts, units.denominator) - unit_vectors(others, units.denominator)
    n_triangle = Layout(n_levels).n_triangle
    versus = versus_vectors(others, level, ratings.scale, units.denominator)
    return np.asarray(np.hstack([versus, added[:, :n_triangle]])[cell])


def count_shared(
    ratings: SignedRatings, strata: Collection[int]
) -> dict[int, dict[RaterPair, int]]:
    """Return by stratum how many units each pair of raters both rated."""
    return {stratum: _shared(ratings, stratum) for stratum in strata}


def _shared(ratings: SignedRatings, stratum: int) -> dict[RaterPair, int]:
    units, chosen = ratings.units, np.flatnonzero(ratings.stratum == stratum)
    ids, places = np.unique(ratings.rater[chosen], return_inverse=True)
    shape = (len(ids), len(units.cluster))
    where = (places, units.of_rating[chosen])
    ones = np.ones(len(chosen), dtype=np.int64)
    rated = sparse.csr_array((ones, where), shape=shape)
    signed = sparse.csr_array((ratings.sign[ratings.state[chosen]], where), shape=shape)
    both = sparse.triu(signed @ rated.T, 1).tocoo()
    return {
        (int(ids[one]), int(ids[other])): int(number)
        for one, other, number in zip(both.row, both.col, both.data, strict=True)
        if number
    }
