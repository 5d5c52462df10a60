"""Exact sums as the `Moments` that reports, panels and differences read."""

import numpy as np

from analytics.agreement.exact.integers import Whole, divided, narrowed
from analytics.agreement.exact.sums import ExactSums
from analytics.agreement.exact.vectors import (
    body_powers,
    panel_powers,
    part_powers,
    triangle_size,
)
from analytics.agreement.layout import Floats, Layout
from analytics.agreement.moments import ClusterMoments, Moments, RaterMoments


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
        raters={rater: _rater(sums, rater) for rater in sums.raters},
    )


def unfold(n: int, body: Floats, size: int) -> ClusterMoments:
    """Read Σ s and the upper triangle of Σ s sᵀ."""
    square = np.zeros((size, size))
    square[np.triu_indices(size)] = body[size:]
    return ClusterMoments(n, body[:size], square + np.triu(square, 1).T)


def _rater(sums: ExactSums, rater: int) -> RaterMoments:
    n_levels = len(sums.scale)
    part = _floats(sums.raters[rater], part_powers(n_levels), sums.denominator)
    n_versus, n_influence = n_levels**2 + 1, 2 * Layout(n_levels).n_triangle
    versus, influence = ClusterMoments.empty(n_versus), ClusterMoments.empty(n_influence)
    if rater in sums.panels:
        panel = _floats(sums.panels[rater], panel_powers(n_levels), sums.denominator)
        end = 1 + n_versus + triangle_size(n_versus)
        versus = unfold(int(panel[0]), panel[1:end], n_versus)
        influence = unfold(int(panel[0]), panel[end:], n_influence)
    levels = part[:n_levels]
    return RaterMoments(
        n_ratings=int(levels.sum()),
        levels=levels,
        part=part[n_levels:],
        versus=versus,
        influence=influence,
    )


def _floats(array: Whole, powers: Whole, denominator: int) -> Floats:
    divisors = [denominator**power for power in range(int(powers.max()) + 1)]
    return divided(array, narrowed(np.array(divisors, dtype=object))[powers])
