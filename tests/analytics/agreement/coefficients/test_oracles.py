"""Values equal those of `krippendorff` and `statsmodels` on thousands of random problems."""

import krippendorff
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import fleiss_kappa as statsmodels_fleiss

from analytics.agreement.coefficients.catalogue import Coefficient, point
from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import krippendorff_alpha
from analytics.agreement.inference.evidence import gather
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.problems import as_rows, ragged_matrices

EXACT = 1e-12


@pytest.mark.parametrize("metric", list(Metric))
@settings(max_examples=700, deadline=None)
@given(problem=ragged_matrices(), shift=st.integers(0, 3))
def test_alpha_equals_the_krippendorff_package(metric, problem, shift):
    matrix, n_levels = problem
    scale = Scale.of([level + shift for level in range(n_levels)])
    shifted = [[None if value < 0 else int(value) + shift for value in row] for row in matrix]
    alpha = krippendorff_alpha(RatingTable.from_unit_rows(shifted, scale), metric)
    pairable = matrix[(matrix >= 0).sum(axis=1) >= 2]
    if len(np.unique(pairable[pairable >= 0])) < 2:
        assert alpha.value is None
        return
    data = np.where(matrix < 0, np.nan, matrix + shift).T
    expected = krippendorff.alpha(
        reliability_data=data, value_domain=list(scale.values), level_of_measurement=metric.value
    )
    assert alpha.value == pytest.approx(expected, abs=EXACT)


@settings(max_examples=1000, deadline=None)
@given(problem=ragged_matrices())
def test_fleiss_equals_statsmodels_where_every_unit_has_all_ratings(problem):
    matrix, n_levels = problem
    full = matrix[(matrix >= 0).all(axis=1)]
    if len(np.unique(full)) < 2:
        return
    table = RatingTable.from_unit_rows(as_rows(full), Scale.of(range(n_levels)))
    counts = (full[:, :, None] == np.arange(n_levels)).sum(axis=1)
    value = point(Coefficient.FLEISS, gather(table).total, table.scale).value
    assert value == pytest.approx(statsmodels_fleiss(counts), abs=EXACT)


@settings(max_examples=300, deadline=None)
@given(problem=ragged_matrices())
def test_brennan_prediger_equals_randolphs_kappa_of_statsmodels(problem):
    matrix, n_levels = problem
    full = matrix[(matrix >= 0).all(axis=1)]
    if not len(full):
        return
    table = RatingTable.from_unit_rows(as_rows(full), Scale.of(range(n_levels)))
    counts = (full[:, :, None] == np.arange(n_levels)).sum(axis=1)
    value = point(Coefficient.BRENNAN_PREDIGER, gather(table).total, table.scale).value
    expected = statsmodels_fleiss(counts, method="randolph")
    assert value == pytest.approx(expected, abs=EXACT)
