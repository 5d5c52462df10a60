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
    imagenhub_human_of_model_as_published,
    standardised_spearman_as_published,
)
from analytics.ranking.correlation import (
    Correlation,
    CorrelationAverage,
    average_correlations,
)

# TIGER-AI-Lab/VIEScore analyze_json.ipynb, stored output: human to human on Text-Guided_IE for the
# eight models with judge's answers (Imagic has none): SC, PQ and O = √(SC·PQ).
HUMAN_TO_HUMAN = {
    "Prompt2prompt": (0.588, 0.5028, 0.5811),
    "CycleDiffusion": (0.5482, 0.5887, 0.5891),
    "SDEdit": (0.2657, 0.4705, 0.1991),
    "DiffEdit": (0.3286, 0.6214, 0.4265),
    "MagicBrush": (0.6219, 0.519, 0.6289),
    "Text2Live": (0.2675, 0.5757, 0.1524),
    "Pix2PixZero": (0.3311, 0.577, 0.3327),
    "InstructPix2Pix": (0.66, 0.5955, 0.6561),
}
# The same notebook, a judge against the raters' mean: per model and, last, averaged over the task.
JUDGE = {
    "Multi-Concept_IC SC": (0.3538, 0.2145, 0.5476, 0.3557),
    "Multi-Concept_IC PQ": (-0.0053, 0.2928, 0.3046, 0.1948),
    "Multi-Concept_IC O": (0.3134, 0.1707, 0.5491, 0.3314),
    "Text-Guided_IE SC": (
        *(0.3249, 0.4387, 0.1091, 0.1719, 0.4689, 0.1368, 0.197, 0.4856),
        0.2836,
    ),
    "Text-Guided_IE PQ": (
        *(0.3611, 0.5941, 0.4078, 0.5632, 0.4927, 0.4136, 0.4698, 0.3684),
        0.4291,
    ),
    "Text-Guided_IE O": (
        *(0.3268, 0.4009, 0.1077, 0.0947, 0.4727, 0.1356, 0.2188, 0.4822),
        0.2728,
    ),
    "Control-Guided_IG SC": (0.4059, 0.2695, 0.3254),
    "Control-Guided_IG PQ": (0.3143, 0.3846, 0.3359),
    "Control-Guided_IG O": (0.3277, 0.2819, 0.2957),
    "Mask-Guided_IE SC": (0.4417, 0.2487, 0.5325, 0.6185, 0.4304),
    "Mask-Guided_IE PQ": (0.3575, 0.224, 0.3008, 0.2853, 0.2839),
    "Mask-Guided_IE O": (0.3965, 0.1154, 0.4443, 0.5481, 0.3593),
    "Subject-Driven_IG SC": (0.5521, 0.2051, 0.121, 0.3185, 0.2906),
    "Subject-Driven_IG PQ": (0.2332, 0.245, -0.0779, 0.3132, 0.1765),
    "Subject-Driven_IG O": (0.5356, 0.2093, 0.1214, 0.3062, 0.285),
    "Subject-Driven_IE SC": (0.3079, 0.1841, 0.175, 0.2187),
    "Subject-Driven_IE PQ": (0.3328, 0.3174, 0.3274, 0.3148),
    "Subject-Driven_IE O": (0.2327, 0.2293, 0.2198, 0.2234),
    "Text-Guided_IG SC": (0.5974, 0.6104, 0.5904, 0.5528, 0.4783, 0.5123),
    "Text-Guided_IG PQ": (0.292, 0.1879, 0.2523, 0.0659, 0.1336, 0.1842),
    "Text-Guided_IG O": (0.5505, 0.4544, 0.5538, 0.4361, 0.3412, 0.4359),
    "all tasks SC": (0.3557, 0.2836, 0.3254, 0.4304, 0.2906, 0.2187, 0.5123, 0.3322),
    "all tasks PQ": (0.1948, 0.4291, 0.3359, 0.2839, 0.1765, 0.3148, 0.1842, 0.2675),
    "all tasks O": (0.3314, 0.2728, 0.2957, 0.3593, 0.285, 0.2234, 0.4359, 0.3048),
}


@pytest.fixture
def cells(shared_data):
    """[SC, PQ] per editing model, shape (179 items, 3 raters, 2)."""
    raters = []
    for number in (1, 2, 3):
        path = shared_data / "imagenhub" / f"Text-Guided_IE_rater{number}.tsv"
        with path.open(newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
        models = [name for name in rows[0] if name != "uid"]
        raters.append({m: [json.loads(row[m]) for row in rows] for m in models})
    return {model: np.array([r[model] for r in raters]).swapaxes(0, 1) for model in raters[0]}


@pytest.fixture
def ratings(cells):
    """√(SC·PQ) per editing model, shape (179 items, 3 raters)."""
    return {model: np.sqrt(scores.prod(axis=2)) for model, scores in cells.items()}


@pytest.mark.parametrize("model", HUMAN_TO_HUMAN)
def test_human_to_human_is_the_published_figure_of_every_model(cells, ratings, model):
    scores = (cells[model][..., 0], cells[model][..., 1], ratings[model])
    found = [imagenhub_human_of_model_as_published(one) for one in scores]
    assert np.round(found, 4).tolist() == pytest.approx(list(HUMAN_TO_HUMAN[model]), abs=1e-9)


def test_human_to_human_is_the_published_41_84_over_the_models_that_a_judge_answered(ratings):
    judged = {model: ratings[model] for model in HUMAN_TO_HUMAN}
    assert round(100 * imagenhub_human_as_published(judged), 2) == 41.84


def test_human_to_human_of_a_model_that_does_not_vary_is_refused(ratings):
    assert set(ratings) - set(HUMAN_TO_HUMAN) == {"Imagic"}
    with pytest.raises(ValueError, match=r"Imagic: .* do not vary"):
        imagenhub_human_as_published(ratings)


@pytest.mark.parametrize("cell", JUDGE)
def test_the_published_averages_of_a_judge_are_tanh_of_the_mean(cell):
    *per_model, published = JUDGE[cell]
    found = [Correlation(value, 100) for value in per_model]
    average = average_correlations(found, CorrelationAverage.TANH_OF_MEAN).value
    # the figures that go in are rounded to four places themselves
    assert average == pytest.approx(published, abs=1.1e-4)


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
