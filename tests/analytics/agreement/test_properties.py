"""What must hold for any ratings: permutations, recoding, perfection, independence, leave-outs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.agreement.coefficients.catalogue import Coefficient, point, statistic
from analytics.agreement.coefficients.distances import DISTANCES, Metric
from analytics.agreement.coefficients.krippendorff import krippendorff_alpha
from analytics.agreement.coefficients.weights import WEIGHTS, Weighting
from analytics.agreement.inference.evidence import gather
from analytics.agreement.inference.gradients import gradient
from analytics.agreement.inference.jackknife import without
from analytics.agreement.report import agreement_summary
from analytics.agreement.sums.group_sums import group
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.problems import MISSING, as_rows, ragged_matrices


def values(matrix, n_levels, levels=None):
    scale = Scale.of(levels or range(n_levels))
    rows = [[None if v == MISSING else scale.values[v] for v in row] for row in matrix]
    total = gather(RatingTable.from_unit_rows(rows, scale)).total
    return {name: point(name, total, scale).value for name in Coefficient}


def same(one, other, names=tuple(Coefficient)):
    for name in names:
        assert one[name] == pytest.approx(other[name], abs=1e-12), name


@settings(max_examples=150, deadline=None)
@given(problem=ragged_matrices(), seed=st.integers(0, 2**32 - 1))
def test_the_order_of_raters_and_units_does_not_matter(problem, seed):
    matrix, n_levels = problem
    rng = np.random.default_rng(seed)
    mixed = rng.permutation(rng.permutation(matrix, axis=0), axis=1)
    same(values(matrix, n_levels), values(mixed, n_levels))


@settings(max_examples=150, deadline=None)
@given(problem=ragged_matrices(), seed=st.integers(0, 2**32 - 1))
def test_the_names_of_levels_do_not_matter_to_nominal_coefficients(problem, seed):
    matrix, n_levels = problem
    names = np.random.default_rng(seed).permutation(n_levels)
    renamed = np.where(matrix == MISSING, MISSING, names[np.maximum(matrix, 0)])
    nominal = (
        Coefficient.ALPHA_NOMINAL,
        Coefficient.FLEISS,
        Coefficient.AC1,
        Coefficient.BRENNAN_PREDIGER,
        Coefficient.EXACT,
    )
    same(values(matrix, n_levels), values(renamed, n_levels), nominal)


@settings(max_examples=100, deadline=None)
@given(problem=ragged_matrices(), gaps=st.lists(st.floats(0.1, 9), min_size=6, max_size=6))
def test_ordinal_alpha_ignores_monotone_recoding_and_interval_alpha_linear(problem, gaps):
    matrix, n_levels = problem
    plain = values(matrix, n_levels)
    stretched = values(matrix, n_levels, np.cumsum(gaps[:n_levels]).tolist())
    moved = values(matrix, n_levels, [3 + 2 * level for level in range(n_levels)])
    same(plain, stretched, (Coefficient.ALPHA_ORDINAL,))
    same(plain, moved)


@settings(max_examples=100, deadline=None)
@given(problem=ragged_matrices())
def test_agreement_without_exception_is_one_for_every_coefficient(problem):
    matrix, n_levels = problem
    agreed = np.where(matrix == MISSING, MISSING, matrix.max(axis=1, keepdims=True))
    for name, value in values(agreed, n_levels).items():
        assert value in (None, pytest.approx(1.0, abs=1e-12)), name


def test_independent_ratings_have_chance_corrected_values_near_zero():
    rng = np.random.default_rng(11)
    matrix = rng.choice(4, p=[0.1, 0.2, 0.3, 0.4], size=(20_000, 3))
    found = values(matrix, 4)
    for name in (Coefficient.ALPHA_ORDINAL, Coefficient.ALPHA_NOMINAL, Coefficient.FLEISS):
        assert abs(found[name]) < 0.015, name


@settings(max_examples=100, deadline=None)
@given(problem=ragged_matrices())
def test_two_levels_make_all_levels_of_measurement_one(problem):
    matrix, _ = problem
    binary = np.where(matrix == MISSING, MISSING, matrix > 0)
    found = values(binary, 2)
    same(
        {Coefficient.ALPHA_NOMINAL: found[Coefficient.ALPHA_ORDINAL]},
        {Coefficient.ALPHA_NOMINAL: found[Coefficient.ALPHA_NOMINAL]},
        (Coefficient.ALPHA_NOMINAL,),
    )
    assert found[Coefficient.ALPHA_INTERVAL] == pytest.approx(
        found[Coefficient.ALPHA_NOMINAL], abs=1e-12
    )


@settings(max_examples=80, deadline=None)
@given(problem=ragged_matrices())
def test_leaving_an_annotator_out_equals_dropping_the_column(problem):
    matrix, n_levels = problem
    scale = Scale.of(range(n_levels))
    evidence = gather(RatingTable.from_unit_rows(as_rows(matrix), scale))
    alpha = statistic(Coefficient.ALPHA_ORDINAL, scale)
    found = alpha(without(evidence.total, evidence.raters))
    for rater, value in enumerate(found):
        rest = RatingTable.from_unit_rows(as_rows(np.delete(matrix, rater, axis=1)), scale)
        expected = krippendorff_alpha(rest, Metric.ORDINAL).value
        assert (None if np.isnan(value) else value) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(problem=ragged_matrices())
def test_the_complex_step_gradient_is_the_central_difference(problem):
    matrix, n_levels = problem
    scale = Scale.of(range(n_levels))
    total = gather(RatingTable.from_unit_rows(as_rows(matrix), scale)).total
    function = statistic(Coefficient.ALPHA_ORDINAL, scale)
    if not np.isfinite(function(total)):
        return
    step = 1e-6
    shifts = step * np.eye(len(total))
    numeric = (function(total + shifts) - function(total - shifts)) / (2 * step)
    assert gradient(function, total) == pytest.approx(numeric, abs=1e-4, rel=1e-4)


@settings(max_examples=40, deadline=None)
@given(problem=ragged_matrices(max_units=30))
def test_a_report_never_holds_a_number_that_is_not_finite(problem):
    matrix, n_levels = problem
    table = RatingTable.from_unit_rows(as_rows(matrix), Scale.of(range(n_levels)))
    for key, value in agreement_summary(table).as_dict().items():
        if isinstance(value, float):
            assert np.isfinite(value), key


def test_ratio_distances_refuse_negative_values_and_allow_two_zeros():
    with pytest.raises(ValueError, match="at least zero"):
        DISTANCES[Metric.RATIO](np.ones(2), np.array([-1.0, 1]))
    assert DISTANCES[Metric.RATIO](np.ones(2), np.array([0.0, 1]))[0, 0] == 0


@pytest.mark.parametrize("weighting", list(Weighting))
def test_weights_are_symmetric_with_a_unit_diagonal(weighting):
    weights = WEIGHTS[weighting](Scale.of([1, 2, 3, 5]))
    assert (weights == weights.T).all()
    assert (np.diag(weights) == 1).all()


def test_a_scale_of_many_levels_and_many_raters_compares_whole_patterns():
    rng = np.random.default_rng(2)
    matrix = rng.integers(0, 40, (30, 12))
    scale = Scale.of(range(40))
    table = RatingTable.from_unit_rows(matrix.tolist(), scale)
    shuffled = RatingTable.from_unit_rows(rng.permutation(matrix).tolist(), scale)
    one = krippendorff_alpha(table, Metric.ORDINAL).value
    assert one == pytest.approx(krippendorff_alpha(shuffled, Metric.ORDINAL).value, abs=1e-12)


def test_sparse_codes_are_grouped_like_dense_ones():
    codes = np.array([5, 2_000_000, 5, 7])
    found, place, sizes = group(codes, 1 << 40)
    assert found.tolist() == [5, 7, 2_000_000]
    assert place.tolist() == [0, 2, 0, 1]
    assert sizes.tolist() == [2, 1, 1]
    assert [part.tolist() for part in group(codes, 2_000_001)] == [
        part.tolist() for part in (found, place, sizes)
    ]
