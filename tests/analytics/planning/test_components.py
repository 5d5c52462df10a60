import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.inference.evidence import gather
from analytics.agreement.inference.intervals import annotator_interval, item_interval
from analytics.planning.assumed import Assumptions, assumed_components
from analytics.planning.components import components_of
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR, campaign


def test_the_plan_scales_the_pilots_own_interval():
    evidence = gather(campaign(n_items=100).table)
    components = components_of(evidence)
    items = item_interval(Coefficient.ALPHA_ORDINAL, evidence)
    assert components.half_width(100, None) == pytest.approx(items.width / 2, rel=0.03)
    assert components.half_width(400, None) == pytest.approx(items.width / 4, rel=0.04)
    both = annotator_interval(Coefficient.ALPHA_ORDINAL, evidence, items)
    assert components.half_width(100, 10) == pytest.approx(both.width / 2, rel=0.25)


def test_the_assumed_design_needs_about_the_items_that_simulations_found():
    """About 150 items of 7 candidates with 3 raters gave ± 0.047 in a simulation."""
    found = assumed_components(Assumptions(alpha=0.6), np.random.default_rng(1))
    assert found.half_width(150, None) == pytest.approx(0.047, abs=0.012)
    again = assumed_components(Assumptions(alpha=0.6), np.random.default_rng(1))
    assert found == again


def test_independent_units_with_three_raters_match_the_published_plan():
    """373 units × 3 raters gave ± 0.05 at α = .64 with independent units."""
    assumptions = Assumptions(alpha=0.64, candidates=1, item_share=1.0, severity_sd=0.0)
    found = assumed_components(assumptions, np.random.default_rng(2))
    assert found.half_width(373, None) == pytest.approx(0.05, rel=0.12)


@pytest.mark.parametrize(
    "wrong",
    [{"alpha": 1.0}, {"item_share": 1.5}, {"raters_per_item": 1}],
)
def test_assumptions_are_checked(wrong):
    with pytest.raises(ValueError, match="must"):
        Assumptions(**wrong)


def test_impossible_assumptions_are_refused():
    with pytest.raises(ValueError, match="severities"):
        assumed_components(Assumptions(alpha=0.95, severity_sd=2.0), np.random.default_rng(1))


def test_a_pilot_that_says_nothing_gives_no_components():
    few = RatingTable.from_unit_rows([[1, 2, 3], [2, 2, 1]], FOUR)
    equal = RatingTable.from_unit_rows([[1, 1, 1]] * 8, Scale.of([1, 2]))
    assert components_of(gather(few)) is None
    assert components_of(gather(equal)) is None


def test_a_pilot_whose_overlap_hangs_on_one_annotator_gives_no_components():
    rows = [[1, 2, None], [2, None, 2], [3, 4, None], [4, None, 4], [1, 1, None], [2, None, 3]]
    assert components_of(gather(RatingTable.from_unit_rows(rows, FOUR))) is None
