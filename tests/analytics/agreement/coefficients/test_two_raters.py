import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from analytics.agreement.coefficients.conger import conger_kappa
from analytics.agreement.coefficients.two_raters import cohen_kappa, scott_pi, table_kappa
from analytics.agreement.coefficients.weights import Weighting
from analytics.estimates import Reason
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.golden import read_golden

STATSMODELS_WEIGHTS = {
    Weighting.IDENTITY: {},
    Weighting.LINEAR: {"wt": "linear"},
    Weighting.QUADRATIC: {"wt": "quadratic"},
}


@st.composite
def confusions(draw):
    n_levels = draw(st.integers(2, 5))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    counts = rng.integers(0, 6, (n_levels, n_levels)).astype(float)
    return counts + np.eye(n_levels)


@pytest.mark.parametrize("weighting", list(STATSMODELS_WEIGHTS))
@settings(max_examples=300, deadline=None)
@given(counts=confusions())
def test_cohen_equals_statsmodels_with_its_standard_error(weighting, counts):
    scale = Scale.of(range(len(counts)))
    found = cohen_kappa(counts, scale, weighting)
    expected = cohens_kappa(counts, return_results=True, **STATSMODELS_WEIGHTS[weighting])
    assert found.estimate.value == pytest.approx(expected.kappa, abs=1e-12)
    assert found.standard_error == pytest.approx(np.sqrt(expected.var_kappa), abs=1e-10)


def test_the_documentation_example_of_sas():
    golden = read_golden("sas_cohen_3x3")
    for key, weighting in {"": Weighting.IDENTITY, "_linear": Weighting.LINEAR}.items():
        found = table_kappa(golden.table, 0, 1, weighting)
        value, error = golden.expected["cohen" + key], golden.expected["ase" + key]
        assert found.estimate.value == pytest.approx(value, abs=golden.tolerance)
        assert found.standard_error == pytest.approx(error, abs=golden.tolerance)


def test_the_online_calculators_values_kept_by_scikit_learn():
    golden = read_golden("sklearn_cohen_100")
    for key, weighting in {
        "cohen": Weighting.IDENTITY,
        "cohen_linear": Weighting.LINEAR,
        "cohen_quadratic": Weighting.QUADRATIC,
    }.items():
        found = table_kappa(golden.table, 0, 1, weighting).estimate.value
        assert found == pytest.approx(golden.expected[key], abs=golden.tolerance)


@pytest.mark.parametrize(
    ("levels", "group"),
    [([1, 2, 3, 4, 5, 6], "full_domain_1_to_6"), ([1, 2, 3, 4, 6], "present_levels_only")],
)
def test_an_unused_level_counts_in_weighted_kappa(levels, group):
    golden = read_golden("irr_anxiety")
    ranks = {value: rank for rank, value in enumerate(levels)}
    kept = golden.table.rater > 0
    values = [ranks[value] for value in golden.table.values[kept]]
    table = RatingTable.from_long(
        units=golden.table.unit[kept].tolist(),
        raters=golden.table.rater[kept].tolist(),
        values=values,
        scale=Scale.of(range(len(levels))),
    )
    plain = table_kappa(table, 0, 1, Weighting.IDENTITY).estimate.value
    assert plain == pytest.approx(golden.expected["kappa2_r2r3_unweighted"], abs=6e-7)
    for name, weighting in {"linear": Weighting.LINEAR, "quadratic": Weighting.QUADRATIC}.items():
        expected = golden.expected[group][f"kappa2_r2r3_{name}"]
        found = table_kappa(table, 0, 1, weighting).estimate.value
        assert found == pytest.approx(expected, abs=golden.tolerance)


def test_two_raters_who_use_one_level_leave_kappa_undefined():
    counts = np.array([[4.0, 0], [0, 0]])
    scale = Scale.of([1, 2])
    assert cohen_kappa(counts, scale, Weighting.LINEAR).estimate.reason is Reason.NO_VARIATION
    assert scott_pi(counts, scale, Weighting.LINEAR).reason is Reason.NO_VARIATION


def test_raters_without_a_shared_unit_have_no_overlap():
    table = RatingTable.from_unit_rows([[1, None], [None, 2]], Scale.of([1, 2]))
    assert table_kappa(table, 0, 1, Weighting.IDENTITY).estimate.reason is Reason.NO_OVERLAP
    assert scott_pi(np.zeros((2, 2)), table.scale, Weighting.IDENTITY).reason is Reason.NO_OVERLAP


def test_two_complete_raters_make_conger_equal_cohen():
    rows = [[1, 2], [2, 2], [3, 1], [1, 1], [3, 3]]
    table = RatingTable.from_unit_rows(rows, Scale.of([1, 2, 3]))
    for weighting in Weighting:
        cohen = table_kappa(table, 0, 1, weighting).estimate.value
        assert conger_kappa(table, weighting).estimate.value == pytest.approx(cohen, abs=1e-12)
