"""One annotator: severity, discrimination, drift, guessing, time, and the single-rating door."""

from dataclasses import replace

import numpy as np
import pytest

from simulation.annotators.annotator import Annotator
from simulation.truth import Truth

COUNT = 4000
PLAIN = Annotator("plain", unsure=0.0)


def _levels(annotator, quality=2.5, ambiguity=0.6, when=0.0, key=0):
    levels, _ = annotator.rate_many(
        np.full((COUNT, 2), quality),
        np.full((COUNT, 2), ambiguity),
        np.random.default_rng(key),
        np.full(COUNT, when),
    )
    return levels


def test_without_noise_the_level_is_the_nearest_one():
    quality = np.asarray([[0.6, 1.4], [1.6, 2.4], [2.6, 3.4], [3.6, 4.5]])
    levels, _ = PLAIN.rate_many(quality, np.zeros((4, 2)), np.random.default_rng(0), np.zeros(4))
    assert levels.tolist() == [[1, 1], [2, 2], [3, 3], [4, 4]]


def test_severity_lowers_the_mean_level_by_about_as_much():
    harsh = _levels(replace(PLAIN, severity=0.5))
    assert _levels(PLAIN).mean() - harsh.mean() == pytest.approx(0.5, abs=0.1)


def test_discrimination_widens_the_distance_between_good_and_bad():
    def gap(annotator):
        return _levels(annotator, 3.2).mean() - _levels(annotator, 1.8).mean()

    assert gap(replace(PLAIN, discrimination=0.4)) < gap(PLAIN) - 0.5


def test_drift_shows_at_the_end_and_not_at_the_start():
    drifting = replace(PLAIN, drift=1.0)
    assert np.array_equal(_levels(drifting, when=0.0), _levels(PLAIN))
    assert _levels(drifting, when=1.0).mean() < _levels(PLAIN).mean() - 0.8


def test_a_guesser_uses_every_level_alike_whatever_the_picture():
    levels = _levels(replace(PLAIN, guessing=1.0), quality=4.5)
    assert np.bincount(levels.ravel(), minlength=5)[1:] / levels.size == pytest.approx(
        [0.25] * 4, abs=0.03
    )


def test_ambiguity_is_the_spread_of_ratings():
    assert _levels(PLAIN, ambiguity=0.9).std() > _levels(PLAIN, ambiguity=0.3).std() + 0.2


def test_halo_pulls_one_dimension_towards_the_other():
    quality, calm = np.asarray([[4.5, 1.0]]), np.zeros((1, 2))
    haloed = replace(PLAIN, halo=0.5)
    levels, _ = haloed.rate_many(quality, calm, np.random.default_rng(0), np.zeros(1))
    # Both are seen at 2.75, half way.
    assert levels.tolist() == [[3, 3]]


def test_seconds_are_positive_with_the_stated_median_and_longer_for_the_ambiguous():
    rng = np.random.default_rng(3)

    def median(ambiguity):
        table = np.full((COUNT, 2), ambiguity)
        return np.median(PLAIN.rate_many(table, table, rng, np.zeros(COUNT))[1])

    assert median(0.6) == pytest.approx(PLAIN.median_seconds, rel=0.05)
    assert median(1.0) > 1.1 * median(0.6)


def test_one_rating_has_both_dimensions_and_none_where_the_annotator_cannot_judge():
    truth = Truth({"if": 4.0, "vq": 1.0}, {"if": 0.0, "vq": 0.0})
    judgement = PLAIN.rate(truth, np.random.default_rng(0))
    assert judgement.levels == {"if": 4, "vq": 1}
    assert judgement.seconds > 0
    lost = replace(PLAIN, unsure=1.0).rate(truth, np.random.default_rng(0))
    assert lost.levels == {"if": None, "vq": None}
