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
    """Return ImagenHub's human-to-human correlation: one rater against the mean of the others.

    The others' mean is recovered from the mean of all, own rating first. Its rounding noise splits
    ties before ranking, and that decides the published figure: 41.84, where exact ties give 41.94.

    Args:
        by_model: per editing model the raters' scores, shape (items, raters).
    """
    return _tanh_of_mean(
        [
            spearman(scores[:, rater], _mean_of_others(scores, rater), decimals=None)
            for scores in by_model.values()
            for rater in range(scores.shape[1])
        ]
    )


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
    correlations = [
        spearman(scores[:, rater], np.delete(scores, rater, axis=1).mean(axis=1))
        for scores in by_model.values()
        for rater in range(scores.shape[1])
    ]
    return average_correlations(correlations, method)


def _mean_of_others(scores: NDArray[np.float64], rater: int) -> NDArray[np.float64]:
    """Return (m · mean of all − own) / (m − 1), shape (items,), noise included."""
    raters = scores.shape[1]
    own = scores[:, rater]
    own_first = np.vstack([own, np.delete(scores, rater, axis=1).T])
    others: NDArray[np.float64] = (own_first.mean(axis=0) * raters - own) / (raters - 1)
    return others


def _tanh_of_mean(correlations: Sequence[Correlation]) -> float:
    values = [0.0 if c.value is None else c.value for c in correlations]
    return float(np.tanh(np.mean(values)))


def _standardised(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(scores.std())
    smallest = 1e-6
    return (scores - scores.mean()) / spread if spread > smallest else np.zeros_like(scores)
