"""ImagenHub's and AURORA-Bench's point-wise protocols: Spearman per editing model, averaged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.ranking.correlation import (
    AveragedCorrelation,
    Correlation,
    CorrelationAverage,
    average_correlations,
    spearman,
)

Rows = tuple[Sequence[float], Sequence[float]]
"""Predicted and human scores of the same images."""


@dataclass(frozen=True, slots=True)
class PointwiseScore:
    """Spearman per group (editing model or prompt) and the average by the named formula."""

    by_group: Mapping[str, Correlation]
    average: AveragedCorrelation


def imagenhub_as_published(by_model: Mapping[str, Rows]) -> float:
    """Return ImagenHub's score: tanh of the mean Spearman per model (arctanh is forgotten).

    A model without variation counts as 0, and scores are ranked as raw floats, as published.
    """
    return _tanh_of_mean([spearman(*rows, decimals=None) for rows in by_model.values()])


def imagenhub_human_as_published(by_model: Mapping[str, NDArray[np.float64]]) -> float:
    """Return ImagenHub's human-to-human correlation of a task, as VIEScore publishes it.

    The tanh of the mean, over the editing models, of `imagenhub_human_of_model_as_published`: the
    tanh is taken twice. Published over the models for which a judge's answers exist.

    Args:
        by_model: per editing model the raters' scores, shape (items, raters).

    Raises:
        ValueError: a model where a rater, or the mean of the others, does not vary.
    """
    return float(np.tanh(np.mean([_human_of_model(*pair) for pair in by_model.items()])))


def imagenhub_human_of_model_as_published(scores: NDArray[np.float64]) -> float:
    """Return the human-to-human correlation of one editing model, as VIEScore publishes it.

    The tanh of the mean, over the raters, of Spearman's ρ between a rater and the mean of the
    others (the arctanh is forgotten).

    Args:
        scores: the raters' scores, shape (items, raters).

    Raises:
        ValueError: a rater, or the mean of the others, does not vary.
    """
    return _human_of_model("the model", scores)


def aurora_as_published(by_model: Mapping[str, Rows]) -> PointwiseScore:
    """Return AURORA-Bench's point-wise score: the plain mean of the Spearman per model."""
    return pointwise(by_model, CorrelationAverage.PLAIN)


def pointwise(by_group: Mapping[str, Rows], method: CorrelationAverage) -> PointwiseScore:
    """Return Spearman per group and their average; groups without variation are left out."""
    correlations = {name: spearman(*rows) for name, rows in by_group.items()}
    return PointwiseScore(correlations, average_correlations([*correlations.values()], method))


def standardised_spearman_as_published(by_prompt: Mapping[str, Rows]) -> Correlation:
    """Return Spearman over all images after z-scoring the predictions within each prompt.

    Published as the "v2" of ImagenHub: the human scores stay as they are, prompts with one image
    are left out, and a prompt with constant predictions gets zeros.
    """
    predicted: list[float] = []
    human: list[float] = []
    for scores, votes in by_prompt.values():
        if len(scores) > 1:
            predicted += _standardised(np.asarray(scores, dtype=np.float64)).tolist()
            human += list(votes)
    return spearman(predicted, human)


def human_ceiling(
    by_model: Mapping[str, NDArray[np.float64]], method: CorrelationAverage
) -> AveragedCorrelation:
    """Return how well one rater agrees with the mean of the others, averaged.

    Args:
        by_model: per editing model the raters' scores, shape (items, raters).
        method: how the raters' correlations per model, and then all of them, are averaged.
    """
    correlations = [found for scores in by_model.values() for found in _one_against_others(scores)]
    return average_correlations(correlations, method)


def _human_of_model(name: str, scores: NDArray[np.float64]) -> float:
    correlations = _one_against_others(scores)
    if any(correlation.value is None for correlation in correlations):
        raise ValueError(f"{name}: a rater's scores, or the mean of the others', do not vary")
    return _tanh_of_mean(correlations)


def _one_against_others(scores: NDArray[np.float64]) -> list[Correlation]:
    return [
        spearman(scores[:, rater], np.delete(scores, rater, axis=1).mean(axis=1))
        for rater in range(scores.shape[1])
    ]


def _tanh_of_mean(correlations: Sequence[Correlation]) -> float:
    values = [0.0 if c.value is None else c.value for c in correlations]
    return float(np.tanh(np.mean(values)))


def _standardised(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(scores.std())
    smallest = 1e-6
    return (scores - scores.mean()) / spread if spread > smallest else np.zeros_like(scores)
