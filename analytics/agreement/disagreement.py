"""Where raters disagree: per unit, and opposite preferences within an item; for adjudication."""

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from analytics.agreement.distances import DISTANCES, Metric
from analytics.agreement.layout import PAIR, Floats, Layout
from analytics.agreement.patterns import Integers, find_patterns, total_sums
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
    """Measure each unit's disagreement."""
    patterns, layout = find_patterns(table), Layout(len(table.scale))
    total = total_sums(patterns, layout)
    frequencies = layout.coincidences(total).sum(axis=-1)
    distance = DISTANCES[Metric.ORDINAL](frequencies, np.asarray(table.scale.values))
    coincidences = layout.coincidences(layout.vectors(patterns.counts))
    caused = np.einsum("pck,ck->p", coincidences, distance)
    observed = float(patterns.multiplicity @ caused)
    share = caused / observed if observed else np.zeros_like(caused)
    return UnitDisagreement(
        n_ratings=patterns.n_ratings[patterns.of_unit],
        level_range=_ranges(patterns.counts)[patterns.of_unit],
        share=share[patterns.of_unit],
    )


def _ranges(counts: Integers) -> Integers:
    present = counts > 0
    n_levels = counts.shape[1]
    lowest = present.argmax(axis=1)
    highest = n_levels - 1 - present[:, ::-1].argmax(axis=1)
    return np.where(counts.sum(axis=1) >= PAIR, highest - lowest, 0)


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
