"""Measures on predictions that are made up so that the right answers are plain."""

import json
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from analytics.overall import OVERALL
from modeling.config import RubricText, Split
from modeling.data import CandidateRow, GroupRow
from modeling.evaluation import (
    Judged,
    collect_pairs,
    decide_promotion,
    evaluate,
    fit_calibration,
    heldout_metrics,
    to_plain,
)
from modeling.evaluation.reliability import cox_line, expected_calibration_error
from modeling.evaluation.spread import measure_risk_coverage, measure_spread
from modeling.model import GroupPrediction
from modeling.trainer.card import _calibration
from tests.modeling.toy import RUBRIC

RUBRIC_TEXT = RubricText.from_json(RUBRIC)


def row(item_id, scores, *, category="add"):
    """An item whose candidates have these (if, vq) final scores."""
    return GroupRow(
        item_id=item_id,
        instruction="Do it.",
        category=category,
        source_dataset="toy",
        source_image="s.png",
        split=Split.TEST,
        candidates=tuple(
            CandidateRow(
                candidate_id=f"c{index}",
                generator=f"g{index % 2}",
                image="c.png",
                scores={"if": Fraction(one), "vq": Fraction(two)},
                ratings={"if": (one, one), "vq": (two, min(two + 1, 4))},
            )
            for index, (one, two) in enumerate(scores)
        ),
        pairs=(),
    )


def weighted(*weights):
    """The toy rubric with other weights of (if, vq)."""
    pairs = zip(RUBRIC_TEXT.dimensions, weights, strict=True)
    return RubricText(tuple(replace(each, weight=weight) for each, weight in pairs))


def prediction(item_id, means, *, std=1.0):
    mean = np.array(means, dtype=float)
    return GroupPrediction(
        item_id=item_id,
        candidate_ids=tuple(f"c{index}" for index in range(len(mean))),
        mean=mean,
        std=np.full_like(mean, std),
        overall_mean=mean.mean(axis=1),
        overall_std=np.full(len(mean), std / 2**0.5),
        factor=np.zeros((len(mean), 1)),
        epistemic_std=np.zeros_like(mean),
        level=mean,
        disagreement=np.zeros_like(mean),
    )


def world(items, *, noise, seed=0, scale=1.0):
    """Items with random scores, and predictions that are those scores plus noise."""
    rng = np.random.default_rng(seed)
    rows, predictions = [], []
    for index in range(items):
        scores = rng.integers(1, 5, size=(4, 2))
        rows.append(row(f"i{index}", scores.tolist(), category=("add", "text")[index % 2]))
        shown = scale * (scores + noise * rng.normal(size=scores.shape))
        predictions.append(prediction(f"i{index}", shown))
    return rows, predictions


def test_overall_pairs_weigh_dimensions_exactly():
    thirds = replace(row("i", [(3, 1), (1, 3)]))
    table = collect_pairs([thirds], [prediction("i", [(3, 1), (1, 3)])], RUBRIC_TEXT)
    assert table.human.tolist() == [0]
    assert not table.strict.any()


@pytest.mark.parametrize(
    ("weights", "one", "two"),
    [
        ((1 / 10, 3 / 10), (4, 1), (1, 2)),  # both 7/10
        ((1 / 3, 2 / 3), (3, 1), (1, 2)),  # both 5/3
        ((1e-6, 3e-6), (4, 1), (1, 2)),  # both 7/1000000
    ],
)
def test_weights_that_are_no_binary_fractions_tie_as_they_do_on_paper(weights, one, two):
    rows, predictions = [row("i", [one, two])], [prediction("i", [one, two])]
    rubric = weighted(*weights)
    assert collect_pairs(rows, predictions, rubric).human.tolist() == [0]
    assert heldout_metrics(rows, predictions, rubric)["pairs_overall"] == 0


def test_a_weight_that_no_plain_fraction_equals_counts_as_it_is():
    """Of denominators up to a million 2^-19 lies nearest, but it is another number."""
    weight = 2.0**-19 + 2.0**-70
    exact = Fraction(1, 2**19) + Fraction(1, 2**70)
    assert weighted(weight, 1).dimension("if").exact_weight == exact


def test_perfect_predictions_are_perfectly_accurate_and_reversed_ones_never():
    rows, predictions = world(12, noise=0)
    right = heldout_metrics(rows, predictions, RUBRIC_TEXT)
    assert right["accuracy"] == right["accuracy_if"] == right["accuracy_vq"] == 1
    turned = [prediction(p.item_id, -p.mean) for p in predictions]
    assert heldout_metrics(rows, turned, RUBRIC_TEXT)["accuracy"] == 0


def test_a_predicted_tie_is_half_right_in_the_held_out_figures_and_wrong_in_the_report():
    """Two ordered pairs: one is predicted in order, of the other the means are equal."""
    rows = [row("i", [(4, 4), (1, 1)]), row("j", [(4, 4), (1, 1)])]
    predictions = [prediction("i", [(1, 1), (0, 0)]), prediction("j", [(1, 1), (1, 1)])]
    assert heldout_metrics(rows, predictions, RUBRIC_TEXT)["accuracy"] == 0.75
    report = evaluate(Judged(rows, predictions), RUBRIC_TEXT, rng=np.random.default_rng(0))
    assert report.accuracy[OVERALL].strict.share.correct == 1
    assert report.accuracy[OVERALL].strict.share.total == 2


def test_undefined_figures_become_null():
    rows, predictions = [row("i", [(1, 1)])], [prediction("i", [(1, 1)])]
    metrics = to_plain(heldout_metrics(rows, predictions, RUBRIC_TEXT))
    assert metrics["accuracy"] is None
    assert json.dumps(metrics, allow_nan=False)


def test_the_full_report_is_plain_json_and_slices_add_up():
    rows, predictions = world(24, noise=1.0)
    report = evaluate(Judged(rows, predictions), RUBRIC_TEXT, rng=np.random.default_rng(0))
    plain = to_plain(report)
    json.dumps(plain, allow_nan=False)
    total = plain["accuracy"][OVERALL]["strict"]["share"]["total"]
    by_category = plain["slices"]["category"]
    assert sum(each[OVERALL]["share"]["total"] for each in by_category.values()) == total
    assert set(by_category["add"]) == {OVERALL, "if", "vq"}
    assert plain["accuracy"][OVERALL]["with_ties"]["origin"] == "cross_fit"


def test_tie_thresholds_come_from_the_calibration_split_where_there_is_one():
    rows, predictions = world(12, noise=0.5)
    other = Judged(*world(12, noise=0.5, seed=1))
    report = evaluate(
        Judged(rows, predictions), RUBRIC_TEXT, rng=np.random.default_rng(0), calibration=other
    )
    assert report.accuracy[OVERALL].with_ties.origin == "calibration"


def test_overconfident_predictions_are_cooled_down():
    """Gaps six times too large: more spread must make the pairs likelier."""
    rows, predictions = world(60, noise=2.0, scale=6.0)
    assert fit_calibration(rows, predictions, RUBRIC_TEXT).factor() > 3
    assert fit_calibration(rows[:1], predictions[:1], RUBRIC_TEXT).factor() == 1


def test_calibration_error_of_honest_coins_is_near_zero_and_of_boasters_is_not():
    rng = np.random.default_rng(0)
    truth = rng.uniform(0.05, 0.95, 20_000)
    won = (rng.uniform(size=truth.size) < truth).astype(float)
    assert expected_calibration_error(truth, won) < 0.01
    boast = 1 / (1 + np.exp(-3 * np.log(truth / (1 - truth))))
    assert expected_calibration_error(boast, won) > 0.1
    line = cox_line(boast, won)
    assert line.slope == pytest.approx(1 / 3, abs=0.02)
    assert line.intercept == pytest.approx(0, abs=0.05)


@pytest.mark.parametrize(("items", "given"), [(4, False), (5, True)])
def test_the_calibration_error_has_an_interval_from_five_items_on(items, given):
    """Three candidates of each sum from 2 to 5 an item: 54 ordered pairs, enough for the error."""
    rows = [row(f"i{index}", [(1, 1), (1, 2), (2, 2), (2, 3)] * 3) for index in range(items)]
    predictions = [prediction(each.item_id, np.arange(24).reshape(12, 2) % 5) for each in rows]
    report = evaluate(Judged(rows, predictions), RUBRIC_TEXT, rng=np.random.default_rng(0))
    found = report.reliability[OVERALL]
    assert found.ece >= 0
    assert (found.ece_interval is not None) == given
    (line,) = (text for text in _calibration(to_plain(report)) if text.startswith("| overall"))
    assert ("– |" in line) == (not given)


def test_candidates_are_binned_by_sigma_with_their_errors_and_the_spread_of_raters():
    """Twenty candidates whose level is off by their σ: error = σ in each of ten bins of two."""
    rows, predictions = [], []
    for index in range(20):
        sigma = 0.1 * (1 + index // 2)
        rows.append(row(f"i{index}", [(2, 2)]))
        predictions.append(prediction(f"i{index}", [(2 + sigma, 2)], std=sigma))
    report = evaluate(Judged(rows, predictions), RUBRIC_TEXT, rng=np.random.default_rng(0))
    bins = report.spread["if"].bins
    assert [each.candidates for each in bins] == [2] * 10
    assert [each.error for each in bins] == pytest.approx([0.1 * n for n in range(1, 11)])
    assert [each.sigma for each in bins] == pytest.approx([0.1 * n for n in range(1, 11)])
    assert {each.human_sd for each in bins} == {0}
    # Every pair of VQ ratings is one level apart: sd = 1/√2.
    assert report.spread["vq"].bins[0].human_sd == pytest.approx(0.5**0.5)


@pytest.mark.parametrize(("unit", "start"), [(1, 0), (10, 0), (5, -7)])
def test_coverage_grants_half_a_step_of_whatever_levels(unit, start):
    """Levels 1 to 4 first: at μ = ∓1 half the raters give 1 and 3, or 2 and 4: line 2.5 + μ / 2.

    One standard deviation is then half that of the logistic, .907; the 50 % interval reaches
    .674 · .907 = .612, so that only the grace of .5 covers ratings one level off. Other units
    and starts of the levels change nothing.
    """
    levels = tuple(start + unit * level for level in (1, 2, 3, 4))
    rubric = RubricText((replace(RUBRIC_TEXT.dimension("if"), levels=levels),))
    rows, predictions = [], []
    for index in range(10):
        given = tuple(levels[place] for place in ((0, 2), (1, 3))[index % 2])
        plain = row(f"i{index}", [(2, 2)])
        person = replace(plain.candidates[0], scores={}, ratings={"if": given})
        rows.append(replace(plain, candidates=(person,)))
        predictions.append(prediction(f"i{index}", [[(-1, 1)[index % 2]]], std=1e-3))
    assert measure_spread(rows, predictions, rubric, "if").coverage == {"50%": 1, "90%": 1}


def test_risk_falls_with_confidence_and_the_oracle_is_a_lower_bound():
    rows, predictions = world(60, noise=1.5)
    curve = measure_risk_coverage(collect_pairs(rows, predictions, RUBRIC_TEXT))
    assert curve.risk[0] <= curve.risk[-1]
    assert curve.best_area <= curve.area
    assert curve.coverage[-1] == 1


def test_an_equal_challenger_is_promoted_and_a_worse_one_is_not():
    rows, good = world(40, noise=0.2)
    _, bad = world(40, noise=3.0)
    rng = np.random.default_rng(0)

    def decide(champion, challenger):
        return decide_promotion(
            champion=Judged(rows, champion),
            challenger=Judged(rows, challenger),
            rubric=RUBRIC_TEXT,
            rng=rng,
        )

    assert decide(good, good).promoted
    assert not decide(good, bad).promoted
    assert decide(bad, good).difference.difference > 0.1
