"""Moments summed from a table directly, in floating point: what the exact sums must equal.

Written without the whole-number sums of `analytics.agreement.sums.exact`, so that the two check
each other; tests and studies that need the moments of a table in memory take them from here
as well.
"""

from collections.abc import Hashable

import numpy as np

from analytics.agreement.sums.group_sums import group, sum_within
from analytics.agreement.sums.layout import PAIR, Floats, Layout
from analytics.agreement.sums.matched_items import spread_items
from analytics.agreement.sums.moments import ClusterMoments, Moments, RaterMoments, check_storable
from analytics.agreement.sums.patterns import Patterns, cluster_sums, find_patterns
from analytics.agreement.sums.rater_parts import (
    RatingCells,
    added_vectors,
    rater_parts,
    rating_cells,
)
from analytics.agreement.sums.scale_covariance import CrossMoments
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.validation import Indices


def moments_of(table: RatingTable) -> Moments:
    """Sum a table; an item's ratings must all be in one table."""
    check_storable(table.scale)
    layout, patterns = Layout(len(table.scale)), find_patterns(table)
    rows = cluster_sums(table.unit_item, table.n_items, patterns, layout)
    rated = rows[layout.n_rated(rows) > 0]
    times = {
        tuple(counts): int(n)
        for counts, n in zip(patterns.counts.tolist(), patterns.multiplicity, strict=True)
        if any(counts)
    }
    return Moments(
        scale=table.scale,
        patterns=times,
        overlapping=_cluster(rated[layout.n_pairable(rated) > 0]),
        rated=_cluster(rated),
        raters=_raters(table, patterns, rows),
    )


def cross_moments(first: RatingTable, second: RatingTable) -> CrossMoments:
    """Sum two dimensions' tables; items are matched by label."""
    one, other = (np.asarray(rows) for rows in spread_items(first, second))
    overlap_one, overlap_other = one[:, -1] > 0, other[:, -1] > 0
    return CrossMoments(
        n_either=int((overlap_one | overlap_other).sum()),
        n_both=int((overlap_one & overlap_other).sum()),
        product=one[overlap_one & overlap_other].T @ other[overlap_one & overlap_other],
    )


def _cluster(rows: Floats) -> ClusterMoments:
    return ClusterMoments(len(rows), rows.sum(axis=0), rows.T @ rows)


def _raters(table: RatingTable, patterns: Patterns, rows: Floats) -> dict[Hashable, RaterMoments]:
    n_levels = len(table.scale)
    layout = Layout(n_levels)
    cells = rating_cells(table, patterns)
    parts = rater_parts(table, cells, layout)
    flat = np.bincount(table.rater * n_levels + table.level, minlength=table.n_raters * n_levels)
    levels = flat.reshape(table.n_raters, n_levels)
    added = added_vectors(cells, layout)[:, : layout.n_triangle]
    rater, item, summed = _by_rater_and_item(
        table, cells, np.hstack([_versus_vectors(cells, table.scale), added])
    )
    versus = summed[:, : n_levels**2 + 1]
    influence = np.hstack([rows[item, : layout.n_triangle], summed[:, n_levels**2 + 1 :]])
    # Rows come sorted by rater: each rater's rows are one slice.
    edges = np.searchsorted(rater, np.arange(table.n_raters + 1))
    return {
        label: RaterMoments(
            n_ratings=int(levels[place].sum()),
            levels=levels[place].astype(np.float64),
            part=parts[place],
            versus=_cluster(versus[edges[place] : edges[place + 1]]),
            influence=_cluster(influence[edges[place] : edges[place + 1]]),
        )
        for place, label in enumerate(table.rater_labels)
        if levels[place].any()
    }


def _versus_vectors(cells: RatingCells, scale: Scale) -> Floats:
    """The (C, V² + 1) vectors of the distinct (pattern, own level) pairs.

    For a rating x on a unit whose m - 1 other ratings have counts o: the directed confusion
    e_x oᵀ / (m - 1), flattened, and the square of the others' mean value.
    """
    others, n_levels = cells.others, len(scale)
    n_cells, total = len(others), others.sum(axis=1, keepdims=True)
    shares = np.divide(others, total, out=np.zeros(others.shape), where=total > 0)
    confusion = np.zeros((n_cells, n_levels, n_levels))
    confusion[np.arange(n_cells), cells.level] = shares
    consensus = shares @ np.asarray(scale.values)
    return np.column_stack([confusion.reshape(n_cells, n_levels**2), np.square(consensus)])


def _by_rater_and_item(
    table: RatingTable, cells: RatingCells, vectors: Floats
) -> tuple[Indices, Indices, Floats]:
    """Rater, item and summed vectors of each (rater, item) with a shared unit, by rater."""
    shared = (cells.counts.sum(axis=1) >= PAIR)[cells.cell]
    n_items = max(table.n_items, 1)
    keys = table.rater[shared] * n_items + table.item[shared]
    found, places, _ = group(keys, table.n_raters * n_items)
    rows = sum_within(places, len(found), cells.cell[shared], vectors)
    return found // n_items, found % n_items, rows


def largest_difference(stored: Moments, rebuilt: Moments) -> float:
    """Largest difference relative to the larger sum; infinite where counts or raters differ."""
    labels = sorted(stored.raters.keys() | rebuilt.raters.keys(), key=str)
    if _counts(stored, labels) != _counts(rebuilt, labels):
        return float("inf")
    pairs = zip(_arrays(stored, labels), _arrays(rebuilt, labels), strict=True)
    return max(_relative(one, other) for one, other in pairs)


def _rater(moments: Moments, label: Hashable) -> RaterMoments:
    return moments.raters.get(label) or RaterMoments.empty(moments.scale)


def _counts(moments: Moments, labels: list[Hashable]) -> tuple[object, ...]:
    raters = [_rater(moments, label) for label in labels]
    return (
        dict(moments.patterns),
        moments.overlapping.n,
        moments.rated.n,
        [(sums.n_ratings, sums.versus.n, sums.influence.n) for sums in raters],
    )


def _arrays(moments: Moments, labels: list[Hashable]) -> list[Floats]:
    """All sums, one array per kind with the raters stacked, so that sizes are of the kind."""
    raters = [_rater(moments, label) for label in labels]
    return [
        *(array for c in (moments.overlapping, moments.rated) for array in (c.first, c.second)),
        np.array([sums.levels for sums in raters]),
        np.array([sums.part for sums in raters]),
        np.array([sums.versus.first for sums in raters]),
        np.array([sums.versus.second for sums in raters]),
        np.array([sums.influence.first for sums in raters]),
        np.array([sums.influence.second for sums in raters]),
    ]


def _relative(one: Floats, other: Floats) -> float:
    size = max(float(np.abs(array).max(initial=0.0)) for array in (one, other))
    return float(np.abs(one - other).max(initial=0.0)) / max(size, 1.0)
