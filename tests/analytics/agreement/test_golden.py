"""Published values of the agreement coefficients, each within its file's tolerance."""

import pytest

from analytics.agreement.coefficients.catalogue import Coefficient, point
from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import krippendorff_alpha
from analytics.agreement.inference.evidence import gather
from analytics.estimates import Reason
from tests.analytics.golden import read_golden

ALPHA_FILES = [
    "krippendorff2011_A_binary",
    "krippendorff2011_B_nominal",
    "krippendorff2011_C_missing",
    "krippendorff_single_disagreement",
    "krippendorff_wikipedia",
    "maximal_disagreement",
    "perfect_agreement",
]
COUNT_FILES = [
    "fleiss1971_diagnoses",
    "fleiss_wikipedia",
    "krippendorff_single_disagreement",
    "perfect_agreement",
    "randolph_free_marginal_1",
    "randolph_free_marginal_2",
]
NAMES = {
    "fleiss": Coefficient.FLEISS,
    "pa": Coefficient.EXACT,
    "percent_agreement": Coefficient.EXACT,
    "gwet_ac1": Coefficient.AC1,
    "brennan_prediger": Coefficient.BRENNAN_PREDIGER,
}


@pytest.mark.parametrize("name", ALPHA_FILES)
def test_alpha_has_its_published_values(name):
    golden = read_golden(name)
    found = {key: value for key, value in golden.expected.items() if key.startswith("alpha_")}
    assert found
    for key, expected in found.items():
        alpha = krippendorff_alpha(golden.table, Metric(key.removeprefix("alpha_")))
        assert alpha.value == pytest.approx(expected, abs=golden.tolerance)


@pytest.mark.parametrize("name", COUNT_FILES)
def test_coefficients_of_counts_have_their_published_values(name):
    golden = read_golden(name)
    total = gather(golden.table).total
    for key in golden.expected.keys() & NAMES.keys():
        found = point(NAMES[key], total, golden.table.scale)
        assert found.value == pytest.approx(golden.expected[key], abs=golden.tolerance)


@pytest.mark.parametrize("key", ["alpha_ordinal_all3", "alpha_interval_all3"])
def test_complete_data_of_three_raters_escape_the_r_packages_bias(key):
    golden = read_golden("irr_anxiety")
    metric = Metric(key.split("_")[1])
    expected = golden.expected[key]
    alpha = krippendorff_alpha(golden.table, metric).value
    assert alpha == pytest.approx(expected, abs=golden.tolerance)


def test_equal_ratings_leave_alpha_and_kappa_undefined_but_not_the_shares():
    golden = read_golden("degenerate_all_equal")
    total, scale = gather(golden.table).total, golden.table.scale
    for undefined in (Coefficient.ALPHA_NOMINAL, Coefficient.ALPHA_ORDINAL, Coefficient.FLEISS):
        assert point(undefined, total, scale).reason is Reason.NO_VARIATION
    assert point(Coefficient.EXACT, total, scale).value == golden.expected["percent_agreement"]
    assert point(Coefficient.AC1, total, scale).value == golden.expected["gwet_ac1"]


def test_without_two_ratings_on_a_unit_everything_is_undefined():
    golden = read_golden("degenerate_no_pairs")
    total = gather(golden.table).total
    reasons = {point(name, total, golden.table.scale).reason for name in Coefficient}
    assert reasons == {Reason.NO_OVERLAP}
