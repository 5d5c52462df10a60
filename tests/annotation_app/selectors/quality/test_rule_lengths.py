"""The lengths that the quality page states for its rules."""

import math

import pytest

from analytics.raters.sprt import SprtPlan
from annotation_app.enums import RuleAction
from annotation_app.models import QualityPlan
from annotation_app.selectors.quality.rule_lengths import answers_between_false_alarms, rule_lengths


def test_a_new_campaign_states_what_its_rules_do():
    lines = rule_lengths(QualityPlan(), dimensions=2)
    figures = {str(line.name): (line.between, line.until) for line in lines}
    assert "Hidden gold" not in figures  # no share of gold, no test
    # a run of 5 skips: (p^-5 - 1) / (1 - p)
    assert figures["Skips in a row: notice"] == pytest.approx(
        ((0.05**-5 - 1) / 0.95, (0.8**-5 - 1) / 0.2)
    )
    assert figures["Skips in a row: pause"][1] == pytest.approx(41.57, abs=0.01)
    assert figures["Flat items in a row: pause"][1] == pytest.approx(10.15, abs=0.01)
    assert figures["Drift"][0] == 20_000
    # Siegmund at one deviation: (exp(-h') + h' - 1) / (1/2), h' = 9.43 + 1.166
    assert figures["Drift"][1] == pytest.approx(19.19, abs=0.01)
    assert all(line.never for line in lines if "pause" in str(line.name))


def test_gold_counts_tasks_and_not_gold_answers():
    plan = QualityPlan(gold_share=0.05)
    [gold] = [line for line in rule_lengths(plan, 2) if str(line.name) == "Hidden gold"]
    test = SprtPlan()
    assert gold.until == pytest.approx(test.expected_answers(0.7) / 0.05)
    assert gold.between == pytest.approx(test.expected_answers(0.9) / 0.01 / 0.05)
    assert gold.good == "90 % right"
    assert answers_between_false_alarms(test, 0.9999) > 1e6


def test_rules_that_are_off_are_not_named():
    off = QualityPlan(
        fast_notice=0, fast_pause=0, fast_share=0, skip_notice=0, skip_pause=0,
        straight_notice=0, straight_pause=0, drift_action=RuleAction.OFF,
    )  # fmt: skip
    assert rule_lengths(off, 2) == []
    assert math.isfinite(rule_lengths(QualityPlan(), 1)[0].between)
