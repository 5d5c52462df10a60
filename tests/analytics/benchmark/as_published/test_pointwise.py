"""Published correlations of ImagenHub, and the averages they should have been."""

import csv
import json

import numpy as np
import pytest

from analytics.benchmark.as_published.pointwise import (
    aurora_as_published,
    human_ceiling,
    imagenhub_as_published,
    imagenhub_human_as_published,
    standardised_spearman_as_published,
)
from analytics.ranking.correlation import CorrelationAverage


@pytest.fixture
def ratings(shared_data):
    """√(SC·PQ) per editing model, shape (179 items, 3 raters)."""
    raters = []
    for number in (1, 2, 3):
        path = shared_data / "imagenhub" / f"Text-Guided_IE_rater{number}.tsv"
        with path.open(newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
        models = [name for name in rows[0] if name != "uid"]
        raters.append({m: [np.sqrt(np.prod(json.loads(row[m]))) for row in rows] for m in models})
    return {model: np.array([rater[model] for rater in raters]).T for model in raters[0]}


def test_human_to_human_is_the_published_41_84(ratings):
    assert round(100 * imagenhub_human_as_published(ratings), 2) == 41.84


def test_without_rounding_noise_the_same_formula_gives_41_94(ratings):
    thirds = {model: (scores * 6).round(6) for model, scores in ratings.items()}
    correlations = human_ceiling(thirds, CorrelationAverage.PLAIN)
    assert correlations.value is not None
    with_zeros = correlations.value * correlations.used / 27
    assert round(100 * np.tanh(with_zeros), 2) == 41.94


@pytest.mark.parametrize(
    ("method", "expected"), [(CorrelationAverage.PLAIN, 0.503), (CorrelationAverage.FISHER, 0.545)]
)
def test_the_same_ratings_averaged_by_named_formulas(ratings, method, expected):
    ceiling = human_ceiling(ratings, method)
    assert ceiling.value == pytest.approx(expected, abs=5e-4)
    # Imagic's scores are all zero: undefined for each of three raters, and said so.
    assert (ceiling.used, ceiling.undefined) == (24, 3)


def test_forgetting_the_arctanh_shrinks_a_perfect_correlation_to_tanh_of_one():
    rows = {"m": ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0])}
    assert imagenhub_as_published(rows) == pytest.approx(np.tanh(1.0))
    assert aurora_as_published(rows).average.value == pytest.approx(1.0)


def test_a_constant_model_counts_zero_as_published_and_is_left_out_otherwise():
    rows = {"m": ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0]), "flat": ([1.0, 2.0], [0.0, 0.0])}
    assert imagenhub_as_published(rows) == pytest.approx(np.tanh(0.5))
    average = aurora_as_published(rows).average
    assert average.value == pytest.approx(1.0)
    assert average.undefined == 1


def test_standardising_within_prompts_skips_lone_images():
    rows = {"p": ([10.0, 20.0], [1.0, 2.0]), "q": ([5.0, 1.0], [4.0, 3.0]), "r": ([9.0], [0.0])}
    correlation = standardised_spearman_as_published(rows)
    # z-scores −1, 1, 1, −1 against 1, 2, 4, 3: ranks (1.5, 3.5, 3.5, 1.5) and (1, 2, 4, 3).
    assert correlation.value == pytest.approx(2 / np.sqrt(20))
    assert correlation.n == 4
