"""Disagreement on many levels is that of the coincidence matrix."""

import numpy as np
import pytest

from analytics.agreement.coefficients.distances import DISTANCES, Metric
from analytics.agreement.coefficients.sparse_disagreement import disagreement
from analytics.agreement.sums.layout import Layout
from analytics.agreement.sums.parted_sums import PartedSums
from analytics.agreement.sums.patterns import find_patterns, total_sums
from analytics.agreement.sums.sparse_vectors import level_counts, unit_vectors
from analytics.scales import Scale
from analytics.tables import RatingTable

SCALE = Scale.of([1, 2, 5])
TABLE = RatingTable.from_unit_rows([[1, 1, 2], [5, 2, None], [5, 5, None], [2, None, None]], SCALE)


def dense(table, metric):
    matrix = Layout(3).coincidences(total_sums(find_patterns(table), Layout(3)))
    frequencies = matrix.sum(axis=0)
    distance = DISTANCES[metric](frequencies, np.array(SCALE.values))
    if metric is Metric.INTERVAL:
        distance = distance / SCALE.span**2
    return (
        frequencies.sum(),
        (matrix * distance).sum(),
        (np.outer(frequencies, frequencies) * distance).sum(),
    )


@pytest.mark.parametrize("metric", list(Metric))
def test_observed_and_expected_sums_are_those_of_the_matrix(metric):
    units = unit_vectors(SCALE, level_counts(TABLE))
    found = disagreement(PartedSums(units.layout, units.total()), metric)
    assert [float(part) for part in found] == pytest.approx(dense(TABLE, metric))


@pytest.mark.parametrize("metric", [Metric.NOMINAL, Metric.ORDINAL, Metric.INTERVAL])
def test_so_are_they_without_each_unit(metric):
    units = unit_vectors(SCALE, level_counts(TABLE))
    found = disagreement(PartedSums(units.layout, units.total(), units, -1.0), metric)
    for unit in range(TABLE.n_units):
        rest = dense(TABLE.keep(TABLE.unit != unit), metric)
        assert [part[unit] for part in found] == pytest.approx(rest)


def test_one_level_alone_has_no_expected_disagreement():
    same = unit_vectors(SCALE, level_counts(RatingTable.from_unit_rows([[2, 2]], SCALE)))
    _, observed, expected = disagreement(PartedSums(same.layout, same.total()), Metric.ORDINAL)
    assert float(observed) == 0
    assert np.isnan(expected)
