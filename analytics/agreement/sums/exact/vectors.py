"""Vectors of units, and of ratings against the others, as whole numbers over one denominator."""

import math
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analytics.agreement.sums.exact.integers import SAFE, Whole, largest
from analytics.agreement.sums.layout import PAIR, Layout
from analytics.scales import Scale

# Units with up to this many ratings are exact; a vector of more is rounded down, always alike.
MOST_RATINGS = 30
USUAL_RATINGS = 10


@cache
def denominator_for(most_ratings: int) -> int:
    """Return a number that m (m - 1) divides for every m up to the most ratings of a unit.

    >>> denominator_for(3)
    2520
    """
    return math.lcm(*range(1, max(USUAL_RATINGS, min(most_ratings, MOST_RATINGS)) + 1))


def unit_vectors(counts: Whole, denominator: int) -> Whole:
    """Return (P, K) `Layout.vectors` of (P, V) level counts, times the denominator."""
    numbers = np.asarray(counts, dtype=np.int64)
    layout = Layout(numbers.shape[1])
    total = numbers.sum(axis=1, keepdims=True)
    rated, pairable = (total >= 1).astype(np.int64), (total >= PAIR).astype(np.int64)
    rows, columns = layout.triangle
    pairs = numbers[:, rows] * (numbers[:, columns] - (rows == columns)) * pairable
    others = np.maximum(total - 1, 1)
    return np.hstack(
        [
            pairs * (denominator // others),
            pairs * (denominator // (others * np.maximum(total, 1))),
            numbers * (denominator // np.maximum(total, 1)),
            rated * denominator,
            pairable * denominator,
        ]
    )


def versus_vectors(others: Whole, level: Whole, scale: Scale, denominator: int) -> Whole:
    """Return (C, V² + 1) vectors of ratings against the others, read by `raters.rest_of_raters`.

    The (V, V) confusion with the others' shares, times the denominator, and the square of the
    others' mean value, times the square of the denominator.

    Args:
        others: (C, V) level counts of the other ratings of the unit.
        level: (C,) own level.
        scale: of whole values.
        denominator: see `denominator_for`.
    """
    n_cells, n_levels = others.shape
    shares = others * (denominator // np.maximum(others.sum(axis=1, keepdims=True), 1))
    confusion = np.zeros((n_cells, n_levels, n_levels), dtype=np.int64)
    confusion[np.arange(n_cells), level] = shares
    consensus = shares @ np.asarray(scale.values, dtype=np.int64)
    if largest(consensus) ** 2 >= SAFE >> LARGEST_SUM_BITS:
        consensus, confusion = consensus.astype(object), confusion.astype(object)
    return np.column_stack([confusion.reshape(n_cells, n_levels**2), consensus * consensus])


# Room for the sum over an item's ratings of one rater.
LARGEST_SUM_BITS = 12


@cache
def body_powers(n_levels: int) -> Whole:
    """Return the power of the denominator that each entry of `ExactSums.body` carries."""
    size = Layout(n_levels).size
    cluster = np.concatenate([np.ones(size), np.full(triangle_size(size), 2)])
    return np.concatenate([np.zeros(2), cluster, cluster]).astype(np.int64)


@cache
def part_powers(n_levels: int) -> Whole:
    """Return the powers of a rater's part: level counts, then what the rater adds."""
    return np.concatenate([np.zeros(n_levels), np.ones(Layout(n_levels).size)]).astype(np.int64)


@cache
def panel_powers(n_levels: int) -> Whole:
    """Return the powers of a rater's panel sums: items, versus, influence."""
    versus = np.array([1] * n_levels**2 + [2])
    influence = 2 * Layout(n_levels).n_triangle
    rows, columns = np.triu_indices(len(versus))
    return np.concatenate(
        [
            np.zeros(1),
            versus,
            (versus[:, None] + versus)[rows, columns],
            np.ones(influence),
            np.full(triangle_size(influence), 2),
        ]
    ).astype(np.int64)


@cache
def upper_triangle(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows and columns of an upper triangle with its diagonal."""
    rows, columns = np.triu_indices(size)
    return rows, columns


def triangle_size(size: int) -> int:
    """Return the entries of an upper triangle with its diagonal."""
    return size * (size + 1) // 2
