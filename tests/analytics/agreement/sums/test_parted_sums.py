"""Sums less one part each: exact about what is left."""

import numpy as np
import pytest

from analytics.agreement.sums.parted_sums import PartedSums, number_left, power_sums
from analytics.agreement.sums.sparse_vectors import level_counts, unit_vectors
from analytics.scales import Scale
from analytics.tables import RatingTable

SCALE = Scale.of([1, 2])
UNITS = unit_vectors(
    SCALE, level_counts(RatingTable.from_unit_rows([[1, 1], [2, None], [1, 2]], SCALE))
)


def test_each_sum_lacks_its_own_unit():
    without = PartedSums(UNITS.layout, UNITS.total(), UNITS, -1.0)
    assert without.n_rated.tolist() == [2, 2, 2]
    assert without.n_pairable.tolist() == [1, 2, 1]
    # margins are (1, 0), (0, 1) and (½, ½): without each (½, 1½), (1½, ½) and (1, 1)
    assert without.margin_squares == pytest.approx([2.5, 2.5, 2])
    assert without.margin_total == pytest.approx([2, 2, 2])


def test_without_parts_there_is_one_sum():
    total = PartedSums(UNITS.layout, UNITS.total())
    assert (float(total.n_rated), float(total.n_pairable)) == (3, 2)


def test_what_rounding_leaves_of_an_entry_does_not_count():
    own = UNITS.margins[[0]]
    left = number_left(np.array([1 + 1e-12, 0.5]), own, -1.0, np.array([True, True]))
    assert left.tolist() == [1]


def test_powers_are_summed_over_all_entries():
    own = UNITS.margins[[2]]
    # (2 - ½)³ + (1 - ½)³
    found = power_sums(np.array([2.0, 1.0]), own, -1.0, 3)
    assert found == pytest.approx([3.375 + 0.125])
