"""Exact sums as the `Moments` that reports, panels and differences read."""

from collections.abc import Hashable

import numpy as np

from analytics.agreement.sums.exact.exact_sums import ExactSums
from analytics.agreement.sums.exact.integers import Whole, divided, narrowed
from analytics.agreement.sums.exact.vectors import (
    body_powers,
    panel_powers,
    part_powers,
    triangle_size,
    upper_triangle,
)
from analytics.agreement.sums.layout import Floats, Layout
from analytics.agreement.sums.moments import ClusterMoments, Moments, RaterMoments


def to_moments(sums: ExactSums) -> Moments:
    """Divide by the denominator; each number is rounded once.

    Raters without stored panels have empty `versus` and `influence`.
    """
    n_levels = len(sums.scale)
    size = Layout(n_levels).size
    body = _floats(sums.body, body_powers(n_levels), sums.denominator)
    half = size + triangle_size(size)
    return Moments(
        scale=sums.scale,
        patterns=sums.patterns,
        overlapping=unfold(int(body[0]), body[2 : 2 + half], size),
        rated=unfold(int(body[1]), body[2 + half :], size),
        raters=_raters(sums),
    )


def unfold(n: int, body: Floats, size: int) -> ClusterMoments:
    """Read Σ s and the upper triangle of Σ s sᵀ."""
    square = np.zeros((size, size))
    rows, columns = upper_triangle(size)
    square[rows, columns] = square[columns, rows] = body[size:]
    return ClusterMoments(n, body[:size], square)


def _raters(sums: ExactSums) -> dict[Hashable, RaterMoments]:
    n_levels = len(sums.scale)
    if not sums.raters:
        return {}
    parts = _floats(np.stack([*sums.raters.values()]), part_powers(n_levels), sums.denominator)
    empty = RaterMoments.empty(sums.scale)
    numbers = parts[:, :n_levels].sum(axis=1).astype(np.int64).tolist()
    found: dict[Hashable, RaterMoments] = {}
    for rater, number, row in zip(sums.raters, numbers, parts, strict=True):
        versus, influence = empty.versus, empty.influence
        if rater in sums.panels:
            versus, influence = _panel(sums, rater)
        found[rater] = RaterMoments(number, row[:n_levels], row[n_levels:], versus, influence)
    return found


def _panel(sums: ExactSums, rater: int) -> tuple[ClusterMoments, ClusterMoments]:
    n_levels = len(sums.scale)
    n_versus, n_influence = n_levels**2 + 1, 2 * Layout(n_levels).n_triangle
    panel = _floats(sums.panels[rater], panel_powers(n_levels), sums.denominator)
    end = 1 + n_versus + triangle_size(n_versus)
    n_items = int(panel[0])
    return unfold(n_items, panel[1:end], n_versus), unfold(n_items, panel[end:], n_influence)


def _floats(array: Whole, powers: Whole, denominator: int) -> Floats:
    divisors = [denominator**power for power in range(int(powers.max()) + 1)]
    return divided(array, narrowed(np.array(divisors, dtype=object))[powers])
