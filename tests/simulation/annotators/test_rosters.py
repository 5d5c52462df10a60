"""Rosters: who is planted, and that it shows in agreement."""

from collections import Counter

import numpy as np
import pytest

from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import krippendorff_alpha
from analytics.scales import Scale
from analytics.tables import RatingTable
from simulation.annotators.rosters import Plant, build_roster
from simulation.ratings import simulate_ratings, tabulate_truth
from simulation.seeding import stream
from simulation.world import World

SCALE = Scale.of([1, 2, 3, 4])


def _alpha(levels):
    """Ordinal α of levels (g, r, k), each rater slot a rater."""
    rows = np.moveaxis(levels, 1, 0).reshape(levels.shape[1], -1)
    return krippendorff_alpha(
        RatingTable.from_rater_rows(rows.tolist(), SCALE), Metric.ORDINAL
    ).value


@pytest.fixture(scope="module")
def truth():
    return tabulate_truth([[c.truth for c in item.candidates[:7]] for item in World(5, 150)])


def test_a_roster_states_whom_it_plants_and_repeats():
    plant = Plant(spammers=2, speeders=1, drifting=1)
    roster = build_roster(3, 40, plant)
    behaviours = Counter(annotator.behaviour for annotator in roster)
    assert behaviours == {"honest": 36, "spammer": 2, "speeder": 1, "drifting": 1}
    assert roster == build_roster(3, 40, plant)
    assert len({annotator.name for annotator in roster}) == 40


def test_planting_leaves_everybody_else_as_they_were():
    plain, planted = build_roster(3, 12), build_roster(3, 12, Plant(spammers=1))
    same = [a == b for a, b in zip(plain, planted, strict=True)]
    assert same.count(False) == 1


def test_more_planted_than_places_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        build_roster(1, 2, Plant(spammers=3))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_honest_raters_agree_as_the_field_does_and_more_on_following_than_on_quality(seed):
    table = tabulate_truth([[c.truth for c in i.candidates[:7]] for i in World(seed, 200)])
    ratings = simulate_ratings(table, build_roster(seed, 10), 3, stream(seed, "ratings"))
    following, quality = (_alpha(ratings.levels[..., k]) for k in (0, 1))
    assert 0.65 <= following <= 0.78
    assert 0.50 <= quality <= 0.68
    assert following > quality
    overall = ratings.levels[:, 0].sum(axis=-1)
    first, second = np.triu_indices(7, k=1)
    assert 0.15 <= np.mean(overall[:, first] == overall[:, second]) <= 0.35


def test_two_spammers_agree_with_nobody(truth):
    roster = build_roster(2, 3, Plant(spammers=2))
    ratings = simulate_ratings(truth, roster, 3, stream(2, "ratings"))
    assert abs(_alpha(ratings.levels[..., 0])) < 0.07


def test_a_drifting_annotator_ends_harsher_than_begun(truth):
    (drifting,) = build_roster(1, 1, Plant(drifting=1))
    levels = simulate_ratings(truth, (drifting,), 1, stream(1, "ratings")).levels[:, 0]
    above_truth = levels - truth.quality
    assert np.nanmean(above_truth[:40]) > np.nanmean(above_truth[-40:]) + 0.4


def test_a_speeder_takes_under_a_tenth_of_the_usual_time(truth):
    roster = build_roster(1, 8, Plant(speeders=1))
    ratings = simulate_ratings(truth, roster, 8, stream(1, "ratings"))
    median = {
        roster[place].behaviour: np.median(ratings.seconds[ratings.raters == place])
        for place in range(8)
    }
    assert median["speeder"] < 0.12 * median["honest"]
