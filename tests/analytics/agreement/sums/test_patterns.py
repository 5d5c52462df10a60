"""Units with equal level counts are one pattern."""

import numpy as np
import pytest

from analytics.agreement.sums.layout import Layout
from analytics.agreement.sums.patterns import (
    cluster_sums,
    find_patterns,
    total_sums,
    unit_counts,
)
from analytics.scales import Scale
from analytics.tables import RatingTable

TABLE = RatingTable.from_unit_rows([[1, 1], [2, None], [1, 1]], Scale.of([1, 2]))


def test_patterns_are_counted():
    found = find_patterns(TABLE)
    assert unit_counts(TABLE).tolist() == [[2, 0], [0, 1], [2, 0]]
    assert found.counts.tolist() == [[2, 0], [0, 1]]
    assert found.of_unit.tolist() == [0, 1, 0]
    assert found.multiplicity.tolist() == [2, 1]
    assert found.n_ratings.tolist() == [2, 1]


def test_counts_beyond_a_64_bit_key_are_compared_as_rows():
    scale = Scale.of(range(70))
    found = find_patterns(RatingTable.from_unit_rows([[3, 69], [69, 3], [0, 0]], scale))
    assert found.multiplicity.tolist() == [1, 2] or found.multiplicity.tolist() == [2, 1]
    assert found.of_unit[0] == found.of_unit[1] != found.of_unit[2]


def test_clusters_add_up_to_the_total():
    layout, patterns = Layout(2), find_patterns(TABLE)
    rows = cluster_sums(np.array([0, 0, 1]), 2, patterns, layout)
    assert layout.n_pairable(rows).tolist() == [1, 1]
    assert rows.sum(axis=0) == pytest.approx(total_sums(patterns, layout))
