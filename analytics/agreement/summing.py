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
from analytics.agreement.moments import ClusterMoments, Moments, RaterMoments
from analytics.agreement.patterns import Patterns, cluster_sums, find_patterns
from analytics.agreement.versus import versus_vectors
from analytics.tables import RatingTable


def moments_of(table: RatingTable) -> Moments:
    """Sum a table; an item's ratings must all be in one table."""
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
    same_counts = (
        dict(stored.patterns) == dict(rebuilt.patterns)
        and stored.raters.keys() == rebuilt.raters.keys()
        and (stored.overlapping.n, stored.rated.n) == (rebuilt.overlapping.n, rebuilt.rated.n)
        and all(
            sums.n_ratings == rebuilt.raters[label].n_ratings
            and sums.versus.n == rebuilt.raters[label].versus.n
            for label, sums in stored.raters.items()
        )
    )
    if not same_counts:
        return float("inf")
    pairs = zip(_arrays(stored), _arrays(rebuilt), strict=True)
    return max((_relative(one, other) for one, other in pairs), default=0.0)


def _arrays(moments: Moments) -> list[Floats]:
    clusters = [moments.overlapping, moments.rated]
    arrays = [array for c in clusters for array in (c.first, c.second)]
    for label in sorted(moments.raters, key=str):
        sums = moments.raters[label]
        arrays += [sums.levels, sums.part, sums.versus.first, sums.versus.second]
        arrays += [sums.influence.first, sums.influence.second]
    return arrays


def _relative(one: Floats, other: Floats) -> float:
    size = max(float(np.abs(one).max()), float(np.abs(other).max()), 1.0)
    return float(np.abs(one - other).max()) / size
