"""Sums a table into `Moments`, and measures how far two of them are apart; for the live store."""

from collections.abc import Hashable

import numpy as np

from analytics.agreement.annotators import (
    added_vectors,
    rater_parts,
    rating_cells,
    sum_by_rater_and_item,
)
from analytics.agreement.layout import Floats, Layout
from analytics.agreement.moments import (
    ClusterMoments,
    Moments,
    RaterMoments,
    check_storable,
)
from analytics.agreement.patterns import Patterns, cluster_sums, find_patterns
from analytics.agreement.versus import versus_vectors
from analytics.tables import RatingTable


def moments_of(table: RatingTable) -> Moments:
    """Sum a table; an item's ratings must all be in one table.

    Raises:
        ValueError: more levels than second moments are kept of.
    """
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
        overlapping=ClusterMoments.of(rated[layout.n_pairable(rated) > 0]),
        rated=ClusterMoments.of(rated),
        raters=_raters(table, patterns, rows),
    )


def _raters(table: RatingTable, patterns: Patterns, rows: Floats) -> dict[Hashable, RaterMoments]:
    n_levels = len(table.scale)
    layout = Layout(n_levels)
    cells = rating_cells(table, patterns)
    parts = rater_parts(table, cells, layout)
    flat = np.bincount(table.rater * n_levels + table.level, minlength=table.n_raters * n_levels)
    levels = flat.reshape(table.n_raters, n_levels)
    added = added_vectors(cells, layout)[:, : layout.n_triangle]
    summed = sum_by_rater_and_item(
        table, cells, np.hstack([versus_vectors(cells, table.scale), added])
    )
    versus = summed.rows[:, : n_levels**2 + 1]
    influence = np.hstack(
        [rows[summed.item, : layout.n_triangle], summed.rows[:, n_levels**2 + 1 :]]
    )
    # Rows come sorted by rater: each rater's rows are one slice.
    edges = np.searchsorted(summed.rater, np.arange(table.n_raters + 1))
    return {
        label: RaterMoments(
            n_ratings=int(levels[rater].sum()),
            levels=levels[rater].astype(np.float64),
            part=parts[rater],
            versus=ClusterMoments.of(versus[edges[rater] : edges[rater + 1]]),
            influence=ClusterMoments.of(influence[edges[rater] : edges[rater + 1]]),
        )
        for rater, label in enumerate(table.rater_labels)
        if levels[rater].any()
    }


def largest_difference(stored: Moments, rebuilt: Moments) -> float:
    """Largest difference relative to the larger sum; infinite where counts or raters differ.

    The nightly check of the live store: rounding gives about 1e-12, anything above 1e-9 is an
    error.
    """
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
