"""Gwet's coefficients against the printed output of irrCAC."""

import pytest

from analytics.agreement.coefficients.chance_corrected import (
    brennan_prediger,
    fleiss_kappa,
    gwet_ac,
    observed_agreement,
)
from analytics.agreement.coefficients.conger import conger_kappa
from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import krippendorff_alpha
from analytics.agreement.coefficients.two_raters import (
    cohen_kappa,
    confusion,
    scott_pi,
    shared_levels,
)
from analytics.agreement.coefficients.weights import WEIGHTS, Weighting
from analytics.agreement.inference.evidence import gather
from analytics.estimates import Reason
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.golden import read_golden

FILES = [
    "gwet_raw4raters",
    "gwet_raw5observers",
    "gwet_distrib6raters",
    "gwet_cont3x3abstractors",
]
CASES = [
    (name, weighting)
    for name in FILES
    for weighting in ("identity", "linear", "ordinal", "quadratic")
    if name == "gwet_raw4raters"
    or weighting == "identity"
    or (weighting == "quadratic" and name != "gwet_raw5observers")
]
FUNCTIONS = {
    "pa": observed_agreement,
    "gwet": gwet_ac,
    "fleiss": fleiss_kappa,
    "bp": brennan_prediger,
}
METRICS = {"identity": Metric.NOMINAL, "quadratic": Metric.INTERVAL}


@pytest.mark.parametrize(("name", "weighting"), CASES)
def test_values_are_those_that_were_printed(name, weighting):
    golden = read_golden(name)
    expected = golden.expected[weighting]
    tolerance = expected.get("tolerance", golden.tolerance)
    weights = WEIGHTS[Weighting(weighting)](golden.table.scale)
    evidence = gather(golden.table)
    for key in expected.keys() & FUNCTIONS.keys():
        value = float(FUNCTIONS[key](evidence.total, weights))
        assert value == pytest.approx(expected[key], abs=tolerance), key


@pytest.mark.parametrize(("name", "weighting"), [c for c in CASES if c[1] in METRICS])
def test_alpha_with_fixed_weights_is_krippendorffs_at_two_levels(name, weighting):
    golden = read_golden(name)
    expected = golden.expected[weighting]
    alpha = krippendorff_alpha(golden.table, METRICS[weighting]).value
    assert alpha == pytest.approx(expected["krippendorff"], abs=golden.tolerance)


@pytest.mark.parametrize("weighting", ["identity", "quadratic"])
def test_congers_kappa_and_error_are_printed_values(weighting):
    golden = read_golden("gwet_raw4raters")
    expected = golden.expected[weighting]
    found = conger_kappa(golden.table, Weighting(weighting))
    assert found.estimate.value == pytest.approx(expected["conger"], abs=golden.tolerance)
    assert found.standard_error == pytest.approx(expected["se"]["conger"], abs=golden.tolerance)


@pytest.mark.parametrize("weighting", ["identity", "quadratic"])
def test_cohen_and_scott_of_the_abstractors(weighting):
    golden = read_golden("gwet_cont3x3abstractors")
    expected, scale = golden.expected[weighting], golden.table.scale
    counts = confusion(*shared_levels(golden.table, 0, 1), 3)
    cohen = cohen_kappa(counts, scale, Weighting(weighting))
    scott = scott_pi(counts, scale, Weighting(weighting))
    assert cohen.estimate.value == pytest.approx(expected["cohen"], abs=golden.tolerance)
    assert scott.value == pytest.approx(expected["scott"], abs=golden.tolerance)
    if weighting == "identity":
        error = expected["se"]["cohen"]
        assert cohen.standard_error == pytest.approx(error, abs=golden.tolerance)


def test_the_single_disagreement_has_high_agreement_and_no_alpha():
    golden = read_golden("krippendorff_single_disagreement")
    weights = WEIGHTS[Weighting.IDENTITY](golden.table.scale)
    assert krippendorff_alpha(golden.table, Metric.ORDINAL).value == pytest.approx(0, abs=1e-12)
    ac1 = float(gwet_ac(gather(golden.table).total, weights))
    assert ac1 == pytest.approx(golden.expected["gwet_ac1"], abs=1e-12)


def test_conger_is_undefined_without_pairs_and_without_variation():
    two = Scale.of([1, 2])
    lonely = RatingTable.from_unit_rows([[1, None], [None, 2]], two)
    assert conger_kappa(lonely, Weighting.IDENTITY).estimate.reason is Reason.NO_OVERLAP
    equal = RatingTable.from_unit_rows([[1, 1], [1, 1]], two)
    assert conger_kappa(equal, Weighting.IDENTITY).estimate.reason is Reason.NO_VARIATION


def test_one_unit_has_a_conger_value_without_an_error():
    found = conger_kappa(RatingTable.from_unit_rows([[1, 2]], Scale.of([1, 2])), Weighting.IDENTITY)
    assert found.estimate.value is not None
    assert found.standard_error is None
