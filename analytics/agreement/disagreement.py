"""Where raters disagree: per unit, and opposite preferences within an item; for adjudication."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from analytics.agreement.layout import PAIR, Floats
from analytics.agreement.patterns import Integers
from analytics.agreement.present import on_present_levels
from analytics.tables import RatingTable


@dataclass(frozen=True, eq=False)
class UnitDisagreement:
    """Disagreement on each of the U units, in table order.

    Attributes:
        n_ratings: (U,) ratings.
        level_range: (U,) highest minus lowest level index; zero with fewer than two ratings.
        share: (U,) share of all observed ordinal disagreement that the unit causes; zeros where
            there is none.
    """

    n_ratings: Integers
    level_range: Integers
    share: Floats


def unit_disagreement(table: RatingTable) -> UnitDisagreement:
    """Measure each unit's disagreement.

    A unit of m ratings with mid-ranks r causes Σ (r - r')² / (m - 1) = 2 m / (m - 1) Σ (r - r̄)².
    """
    few, n_units = on_present_levels(table), table.n_units
    numbers = np.bincount(few.unit, minlength=n_units)
    ranks = _mid_ranks(few, numbers)[few.level]
    mean = np.bincount(few.unit, weights=ranks, minlength=n_units) / np.maximum(numbers, 1)
    squares = np.bincount(few.unit, weights=np.square(ranks - mean[few.unit]), minlength=n_units)
    caused = np.where(numbers >= PAIR, 2 * numbers / np.maximum(numbers - 1, 1) * squares, 0.0)
    observed = float(caused.sum())
    return UnitDisagreement(
        n_ratings=numbers,
        level_range=_ranges(table, numbers),
        share=caused / observed if observed else np.zeros_like(caused),
    )


def equal_share(table: RatingTable) -> float | None:
    """Return the share of equal ones among the pairs of ratings of a unit, each over m - 1.

    None without any pair.
    """
    numbers = np.bincount(table.unit, minlength=table.n_units)
    cells, times = np.unique(table.unit * len(table.scale) + table.level, return_counts=True)
    others = np.maximum(numbers[cells // len(table.scale)] - 1, 1)
    n_values = int(numbers[numbers >= PAIR].sum())
    return float((times * (times - 1) / others).sum()) / n_values if n_values else None


def _mid_ranks(table: RatingTable, numbers: Integers) -> Floats:
    """(V,) mid-ranks of the levels among the pairable ratings."""
    pairable = numbers[table.unit] >= PAIR
    frequencies = np.bincount(table.level[pairable], minlength=len(table.scale))
    return np.asarray(np.cumsum(frequencies) - frequencies / 2)


def _ranges(table: RatingTable, numbers: Integers) -> Integers:
    """(U,) highest minus lowest level index among the declared levels."""
    lowest = np.full(table.n_units, len(table.scale))
    highest = np.zeros(table.n_units, dtype=np.int64)
    np.minimum.at(lowest, table.unit, table.level)
    np.maximum.at(highest, table.unit, table.level)
    return np.where(numbers >= PAIR, highest - lowest, 0)


@dataclass(frozen=True)
class OppositePreference:
    """Two raters who order two units of one item in opposite ways.

    Attributes:
        item: label of the item.
        units: labels of the two units; the first rater prefers the first unit.
        raters: labels of the two raters.
        gap: the smaller of the two strict preferences, in level values.
    """

    item: Hashable
    units: tuple[Hashable, Hashable]
    raters: tuple[Hashable, Hashable]
    gap: float


def opposite_preferences(table: RatingTable) -> list[OppositePreference]:
    """List the opposite strict preferences within items, the widest gap first.

    The table may hold one dimension, or a weighted sum of several on its own scale.
    """
    found: list[OppositePreference] = []
    order = np.argsort(table.item, kind="stable")
    edges = np.searchsorted(table.item[order], np.arange(table.n_items + 1))
    for item in range(table.n_items):
        rows = order[edges[item] : edges[item + 1]]
        found += _within_item(table, item, rows)
    return sorted(found, key=lambda preference: -preference.gap)


def _within_item(table: RatingTable, item: int, rows: Integers) -> list[OppositePreference]:
    raters, rater = np.unique(table.rater[rows], return_inverse=True)
    units, unit = np.unique(table.unit[rows], return_inverse=True)
    grid = np.full((len(raters), len(units)), np.nan)
    grid[rater, unit] = table.values[rows]
    gaps = grid[:, :, None] - grid[:, None, :]
    found = []
    for first in range(len(raters)):
        for second in range(first + 1, len(raters)):
            opposite = np.minimum(gaps[first], -gaps[second])
            for a, b in np.argwhere(opposite > 0).tolist():
                found.append(
                    OppositePreference(
                        item=table.item_labels[item],
                        units=(table.unit_labels[units[a]], table.unit_labels[units[b]]),
                        raters=(
                            table.rater_labels[raters[first]],
                            table.rater_labels[raters[second]],
                        ),
                        gap=float(opposite[a, b]),
                    )
                )
    return found
