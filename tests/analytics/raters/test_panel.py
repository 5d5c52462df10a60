import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.coefficients.two_raters import table_kappa
from analytics.agreement.coefficients.weights import Weighting
from analytics.agreement.report import agreement_summary
from analytics.estimates import Reason
from analytics.raters.panel import rater_panel
from analytics.raters.rest_of_raters import VersusStatistic
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR, campaign
from tests.factories.moments import moments_of


def test_figures_of_a_hand_made_overlap():
    rows = [[1, 2, None], [4, 3, 3], [2, 2, None], [None, 1, None]]
    panel = rater_panel(moments_of(RatingTable.from_unit_rows(rows, FOUR)))
    mine = panel[0].against
    assert panel[0].n_ratings == 3
    assert mine[VersusStatistic.SEVERITY].estimate.value == pytest.approx((1 - 1 + 0) / 3)
    assert mine[VersusStatistic.EXACT].estimate.value == pytest.approx(1 / 3)
    assert mine[VersusStatistic.WITHIN_ONE].estimate.value == pytest.approx(1)
    assert mine[VersusStatistic.SEVERITY].interval.reason is Reason.FEW_ITEMS
    assert panel[0].confusion[0].tolist() == [0, 1, 0, 0]
    assert panel[0].level_shares.tolist() == pytest.approx([1 / 3, 1 / 3, 0, 1 / 3])


def test_alpha_against_the_rest_of_two_raters_is_their_alpha():
    rows = [[1, 2], [2, 2], [3, 4], [4, 4], [1, 1], [2, 3]]
    table = RatingTable.from_unit_rows(rows, FOUR)
    alpha = agreement_summary(table).lines[Coefficient.ALPHA_ORDINAL].estimate.value
    for line in rater_panel(moments_of(table)).values():
        found = line.against[VersusStatistic.ALPHA].estimate.value
        assert found == pytest.approx(alpha, abs=1e-12)


def test_kappa_against_one_other_rater_is_the_quadratic_kappa():
    rows = [[1, 2], [2, 2], [3, 4], [4, 4], [1, 1], [2, 4]]
    table = RatingTable.from_unit_rows(rows, FOUR)
    kappa = table_kappa(table, 0, 1, Weighting.QUADRATIC).estimate.value
    found = rater_panel(moments_of(table))[0].against[VersusStatistic.CONSENSUS_KAPPA]
    assert found.estimate.value == pytest.approx(kappa, abs=1e-12)


def test_leave_one_out_is_alpha_without_minus_alpha_with():
    table = campaign(n_items=40, n_raters=5).table
    panel = rater_panel(moments_of(table))
    with_all = agreement_summary(table).headline.estimate.value
    for place, label in enumerate(table.rater_labels):
        without = agreement_summary(table.keep(table.rater != place)).headline.estimate.value
        found = panel[label].leave_one_out
        assert found.estimate.value == pytest.approx(without - with_all, abs=1e-12)
        low, high = found.interval.bounds
        assert low < found.estimate.value < high


def test_the_interval_of_leave_one_out_matches_deleting_items():
    table = campaign(n_items=60, n_raters=5, spammers=(0,)).table
    place = table.rater_labels.index("r0")
    differences = []
    for item in range(60):
        kept = table.keep(table.item != item)
        with_all = agreement_summary(kept).headline.estimate.value
        without = agreement_summary(kept.keep(kept.rater != place)).headline.estimate.value
        differences.append(without - with_all)
    expected = np.sqrt(59 * np.var(differences))
    found = rater_panel(moments_of(table))["r0"].leave_one_out.interval.standard_error
    assert found == pytest.approx(expected, rel=0.05)


def test_spammers_stand_apart_in_every_figure():
    made = campaign(n_items=400, n_raters=12, spammers=(3, 7))
    panel = rater_panel(moments_of(made.table))
    for name in (
        VersusStatistic.ALPHA,
        VersusStatistic.CONSENSUS_KAPPA,
        VersusStatistic.REST_CORRELATION,
    ):
        highs = {label: line.against[name].interval.high for label, line in panel.items()}
        lows = {label: line.against[name].interval.low for label, line in panel.items()}
        honest = [low for label, low in lows.items() if label not in ("r3", "r7")]
        assert max(highs["r3"], highs["r7"]) < min(honest), name
    rises = {label: line.leave_one_out.estimate.value for label, line in panel.items()}
    assert set(sorted(rises, key=rises.get)[-2:]) == {"r3", "r7"}


def test_severities_are_recovered_and_shrunken_towards_the_pool():
    severity = np.linspace(-0.6, 0.6, 10)
    made = campaign(n_items=400, severity=severity)
    panel = rater_panel(moments_of(made.table))
    plain = [panel[f"r{r}"].against[VersusStatistic.SEVERITY].estimate.value for r in range(10)]
    shrunken = [panel[f"r{r}"].shrunken[VersusStatistic.SEVERITY] for r in range(10)]
    assert np.corrcoef(plain, severity)[0, 1] > 0.97
    assert np.std(shrunken) < np.std(plain)


def test_a_rater_without_overlap_has_reasons_instead_of_figures():
    rows = [[1, 2, None], [2, 2, None], [None, None, 3]]
    line = rater_panel(moments_of(RatingTable.from_unit_rows(rows, FOUR)))[2]
    assert line.n_items == 0
    for figure in line.against.values():
        assert figure.estimate.reason is Reason.NO_OVERLAP
    assert line.shrunken == {}
    assert line.entropy == 0


def test_equal_ratings_leave_alpha_undefined_for_lack_of_variation():
    table = RatingTable.from_unit_rows([[2, 2]] * 6, FOUR)
    line = rater_panel(moments_of(table))[0]
    assert line.against[VersusStatistic.ALPHA].estimate.reason is Reason.NO_VARIATION
    assert line.against[VersusStatistic.CONSENSUS_KAPPA].estimate.reason is Reason.NO_VARIATION
    assert line.leave_one_out.estimate.reason is Reason.NO_OVERLAP


def test_perfect_agreement_has_no_interval():
    rows = [[level, level] for level in (1, 2, 3, 4, 1, 2)]
    line = rater_panel(moments_of(RatingTable.from_unit_rows(rows, FOUR)))[0]
    found = line.against[VersusStatistic.ALPHA]
    assert found.estimate.value == 1
    assert found.interval.reason is Reason.NO_DISAGREEMENT


def test_intervals_of_alpha_against_the_rest_cover_the_large_sample_value():
    truth = _mean_alpha(campaign(n_items=6000, n_raters=6, seed=99).table)
    hits = total = 0
    for seed in range(60):
        panel = rater_panel(moments_of(campaign(n_items=60, n_raters=6, seed=seed).table))
        for line in panel.values():
            low, high = line.against[VersusStatistic.ALPHA].interval.bounds
            hits += low <= truth <= high
            total += 1
    assert 0.91 < hits / total < 0.98


def _mean_alpha(table):
    panel = rater_panel(moments_of(table))
    return np.mean([line.against[VersusStatistic.ALPHA].estimate.value for line in panel.values()])
