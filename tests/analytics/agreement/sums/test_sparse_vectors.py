"""Sparse vectors hold the numbers of dense ones, with places for the pairs that occur."""

import numpy as np
import pytest

from analytics.agreement.sums.layout import Layout
from analytics.agreement.sums.patterns import unit_counts
from analytics.agreement.sums.sparse_vectors import level_counts, unit_vectors, vectors_in
from analytics.scales import Scale
from analytics.tables import RatingTable

SCALE = Scale.of([1, 2, 3])
TABLE = RatingTable.from_unit_rows([[1, 1, 2], [3, None, None], [2, 2, None]], SCALE)


def test_one_unit_by_hand():
    counts = level_counts(TABLE)[[0]]
    found = unit_vectors(SCALE, counts)
    # pairs 1-1 and 1-2 alone have a place: 2 · 2 + 3 + 2 numbers
    assert [*zip(found.layout.rows, found.layout.columns, strict=True)] == [(0, 0), (0, 1)]
    expected = [1, 1, 1 / 3, 1 / 3, 2 / 3, 1 / 3, 0, 1, 1]
    assert found.matrix.toarray()[0] == pytest.approx(expected)


def test_all_parts_are_those_of_the_dense_vectors():
    sparse, layout = unit_vectors(SCALE, level_counts(TABLE)), Layout(3)
    dense = layout.vectors(unit_counts(TABLE))
    for place in range(len(sparse)):
        square = sparse.layout.square(sparse.coincidences.toarray()[place]).toarray()
        assert square == pytest.approx(layout.coincidences(dense)[place])
    assert sparse.margins.toarray() == pytest.approx(layout.margins(dense))
    assert sparse.n_rated.tolist() == layout.n_rated(dense).tolist()
    assert sparse.n_pairable.tolist() == layout.n_pairable(dense).tolist()
    assert sparse.frequencies.toarray() == pytest.approx(layout.coincidences(dense).sum(axis=-1))


def test_sums_within_groups_add_up_to_the_total():
    vectors = unit_vectors(SCALE, level_counts(TABLE))
    groups = vectors.summed(np.array([0, 1, 0]), 2)
    assert groups.n_pairable.tolist() == [2, 0]
    assert groups.total() == pytest.approx(vectors.total())
    assert vectors.total(np.array([2.0, 0.0, 0.0])) == pytest.approx(2 * vectors[[0]].total())


def test_other_counts_take_the_places_of_a_layout():
    vectors = unit_vectors(SCALE, level_counts(TABLE))
    again = vectors_in(vectors.layout, level_counts(TABLE)[[2]])
    assert again.matrix.toarray() == pytest.approx(vectors[[2]].matrix.toarray())
