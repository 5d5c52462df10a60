"""Counts signed ratings into exact sums by stratum: the change that any batch of items makes."""

from collections.abc import Collection

import numpy as np

from analytics.agreement.sums.exact.cluster_moments import cluster_body
from analytics.agreement.sums.exact.exact_sums import ExactSums
from analytics.agreement.sums.exact.integers import Whole, cross_product, narrowed
from analytics.agreement.sums.exact.rater_panels import count_panels, count_shared
from analytics.agreement.sums.exact.signed_ratings import SignedRatings, Units
from analytics.agreement.sums.exact.vectors import unit_vectors
from analytics.agreement.sums.group_sums import slices, sum_by_key
from analytics.agreement.sums.moments import Pattern
from analytics.validation import Indices


def count_strata(ratings: SignedRatings, *, with_panels: Collection[int] = ()) -> list[ExactSums]:
    """Return the (S,) sums of each stratum.

    Args:
        ratings: of whole items.
        with_panels: strata that also keep the sums of rater panels and shared units; their scale
            must have whole values.
    """
    units, n_strata = ratings.units, ratings.n_strata
    vectors = unit_vectors(units.patterns, units.denominator)
    clusters, rows = item_rows(ratings)
    bodies = _bodies(ratings, clusters, rows)
    patterns = _patterns(ratings, units)
    raters = _raters(ratings, units, vectors)
    deep = frozenset(with_panels)
    panels = count_panels(ratings, clusters, rows, deep)
    shared = count_shared(ratings, deep)
    return [
        ExactSums(
            ratings.scale,
            units.denominator,
            patterns[stratum],
            bodies[stratum],
            raters[stratum],
            panels.get(stratum, {}),
            shared.get(stratum, {}),
        )
        for stratum in range(n_strata)
    ]


def item_rows(ratings: SignedRatings) -> tuple[Indices, Whole]:
    """Return (C,) codes stratum · G + state in order, and the (C, K) vectors of these items."""
    units = ratings.units
    vectors = unit_vectors(units.patterns, units.denominator)
    return sum_by_key(units.cluster, vectors[units.pattern])


def _bodies(ratings: SignedRatings, clusters: Indices, rows: Whole) -> list[Whole]:
    n_states = max(len(ratings.sign), 1)
    sign = ratings.sign[clusters % n_states]
    return [
        _body(rows[part], sign[part]) for part in slices(clusters // n_states, ratings.n_strata)
    ]


def _body(rows: Whole, sign: Indices) -> Whole:
    shared = rows[:, -1] > 0
    counts = np.array([sign[shared].sum(), sign.sum()])
    both = cluster_body(rows, sign)
    over = both if shared.all() else cluster_body(rows[shared], sign[shared])
    return narrowed(np.concatenate([counts, over, both]))


def _patterns(ratings: SignedRatings, units: Units) -> list[dict[Pattern, int]]:
    n_states, n_patterns = max(len(ratings.sign), 1), max(len(units.patterns), 1)
    sign = ratings.sign[units.cluster % n_states]
    keys = units.cluster // n_states * n_patterns + units.pattern
    found, times = sum_by_key(keys, sign)
    names = [tuple(row) for row in units.patterns.tolist()]
    patterns: list[dict[Pattern, int]] = [{} for _ in range(ratings.n_strata)]
    for key, number in zip(found.tolist(), times.tolist(), strict=True):
        if number:
            patterns[key // n_patterns][names[key % n_patterns]] = number
    return patterns


def _raters(ratings: SignedRatings, units: Units, vectors: Whole) -> list[dict[int, Whole]]:
    """By stratum and rater: level counts, then the sums with them minus the sums without."""
    n_levels = len(ratings.scale)
    cells = units.pattern[units.of_rating] * n_levels + ratings.level
    found, cell = np.unique(cells, return_inverse=True)
    pattern, level = found // n_levels, found % n_levels
    chosen = np.eye(n_levels, dtype=np.int64)[level]
    without = unit_vectors(units.patterns[pattern] - chosen, units.denominator)
    added = np.hstack([chosen, vectors[pattern] - without])
    ids, places = np.unique(ratings.rater, return_inverse=True)
    n_raters, n_cells = max(len(ids), 1), max(len(found), 1)
    # How often each rater gave each of the few (pattern, level) pairs says all.
    keys, times = sum_by_key(
        (ratings.stratum * n_raters + places) * n_cells + cell, ratings.sign[ratings.state]
    )
    owners, rows = np.unique(keys // n_cells, return_inverse=True)
    counts = np.zeros((len(found), len(owners)), dtype=np.int64)
    counts[keys % n_cells, rows] = times
    raters: list[dict[int, Whole]] = [{} for _ in range(ratings.n_strata)]
    for key, row in zip(owners.tolist(), cross_product(counts, added), strict=True):
        if row.any():
            raters[key // n_raters][int(ids[key % n_raters])] = row
    return raters
