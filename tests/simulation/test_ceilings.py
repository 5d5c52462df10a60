"""Ceilings: known answers without noise, by hand with noise, and their order."""

import math

import numpy as np
import pytest

from simulation.annotators.annotator import Annotator
from simulation.annotators.rosters import build_roster
from simulation.ceilings import accuracy_ceilings, ambiguity_ceilings, roc_area
from simulation.ratings import TruthTable, simulate_ratings, tabulate_truth
from simulation.world import World

TEAM = tuple(Annotator(name=f"a{k}", unsure=0.0) for k in range(4))


def _pair(quality, noise, items=200):
    """`items` items of two candidates with these qualities on both dimensions."""
    rows = np.repeat(np.asarray(quality)[None, :, None], items, axis=0)
    return TruthTable(np.repeat(rows, 2, axis=2), np.full((items, 2, 2), noise))


def test_without_noise_every_pair_is_known():
    found = accuracy_ceilings(_pair([2.0, 3.0], 0.0), TEAM, 1, np.random.default_rng(0), repeats=4)
    assert {name: ceiling.strict for name, ceiling in found.items()} == {
        "if": 1.0,
        "vq": 1.0,
        "overall": 1.0,
    }
    assert found["overall"].three_class == 1.0
    assert (found["overall"].tie_share, found["overall"].pairs) == (0.0, 200)


def test_equal_candidates_leave_a_coin_for_strict_pairs():
    found = accuracy_ceilings(_pair([2.5, 2.5], 0.6), TEAM, 1, np.random.default_rng(0))
    assert found["if"].strict == pytest.approx(0.5, abs=0.01)


def test_one_rater_at_two_levels_by_hand():
    # Qualities 2.25 and 2.75 lie a quarter under and over the cut at 2.5; with sd 0.25 each is
    # cut to level 2 or 3 but for chances below 0.002. p = Φ(1) = 0.8413 for the right level each.
    found = accuracy_ceilings(_pair([2.25, 2.75], 0.25), TEAM, 1, np.random.default_rng(0))["if"]
    p = 0.5 * (1 + math.erf(1 / math.sqrt(2)))
    right, wrong = p * p, (1 - p) * (1 - p)
    assert found.strict == pytest.approx(right / (right + wrong), abs=0.005)
    assert found.tie_share == pytest.approx(2 * p * (1 - p), abs=0.01)
    assert found.three_class == pytest.approx(right, abs=0.01)


def test_more_raters_raise_the_ceiling_and_cut_the_ties_of_the_overall_score():
    truth = tabulate_truth([[c.truth for c in item.candidates[:7]] for item in World(4, 80)])
    one, five = (
        accuracy_ceilings(truth, build_roster(4, 6), r, np.random.default_rng(1), repeats=60)
        for r in (1, 5)
    )
    assert five["overall"].strict > one["overall"].strict
    assert five["overall"].tie_share < one["overall"].tie_share
    assert 0.85 < one["overall"].strict < 0.98


def test_ambiguity_shows_better_to_the_oracle_than_in_a_few_ratings():
    truth = tabulate_truth([[c.truth for c in item.candidates[:7]] for item in World(4, 80)])
    found = ambiguity_ceilings(truth, build_roster(4, 6), 3, np.random.default_rng(1), repeats=40)
    for ceiling in found.values():
        assert 0.5 < ceiling.ratings < ceiling.oracle < 1.0


def test_disagreement_needs_two_raters():
    with pytest.raises(ValueError, match="two raters"):
        ambiguity_ceilings(_pair([2, 3], 0.1), TEAM, 1, np.random.default_rng(0))


def test_the_roc_area_counts_ties_half_and_is_undefined_with_one_class():
    scores = np.asarray([1.0, 1.0, 2.0, 2.0])
    assert roc_area(scores, np.asarray([True, False, True, False])) == 0.5
    assert roc_area(scores, np.asarray([False, False, True, True])) == 1.0
    assert math.isnan(roc_area(scores, np.asarray([True] * 4)))


def test_raters_of_an_item_are_different_people_and_all_get_work():
    ratings = simulate_ratings(_pair([2, 3], 0.5), TEAM, 3, np.random.default_rng(0))
    assert ratings.levels.shape == (200, 3, 2, 2)
    assert all(len(set(row)) == 3 for row in ratings.raters.tolist())
    assert set(ratings.raters.ravel().tolist()) == {0, 1, 2, 3}
    with pytest.raises(ValueError, match="raters"):
        simulate_ratings(_pair([2, 3], 0.5), TEAM, 5, np.random.default_rng(0))


def test_items_with_different_numbers_of_candidates_are_refused():
    truths = [candidate.truth for candidate in World(1, 1).item(0).candidates]
    with pytest.raises(ValueError, match="same number"):
        tabulate_truth([truths[:2], truths[:3]])
