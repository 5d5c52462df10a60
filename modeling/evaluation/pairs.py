"""Labelled pairs with their predicted gaps, as flat arrays; every measure starts here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
import torch
from numpy.typing import NDArray

from analytics.overall import OVERALL, overall_score
from modeling.config import RubricText
from modeling.data import CandidateRow, GroupRow
from modeling.likelihood import log_win_probability
from modeling.model import GroupPrediction

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PairTable:
    """P unordered pairs of candidates that people scored on one scale (a dimension or overall)."""

    human: Array  # (P,) score of the first minus score of the second, in levels
    gap: Array  # (P,) predicted mean of the first minus that of the second
    variance: Array  # (P,) sum of the two predicted variances
    item: NDArray[np.int64]  # (P,) position of the item: the cluster of every interval
    first: NDArray[np.int64]  # (P,) candidate position in the item
    second: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.human)

    @property
    def strict(self) -> NDArray[np.bool_]:
        """Pairs that people ordered."""
        ordered: NDArray[np.bool_] = self.human != 0
        return ordered

    @property
    def log_win(self) -> Array:
        """(P,) log of the predicted probability of the human order; ties count as first wins."""
        sign = np.where(self.human < 0, -1.0, 1.0)
        values = log_win_probability(
            torch.from_numpy(sign * self.gap), torch.from_numpy(self.variance)
        )
        probabilities: Array = values.numpy()
        return probabilities

    def select(self, rows: NDArray[np.bool_]) -> PairTable:
        """The chosen pairs."""
        return PairTable(
            self.human[rows],
            self.gap[rows],
            self.variance[rows],
            self.item[rows],
            self.first[rows],
            self.second[rows],
        )


def collect_pairs(
    rows: Sequence[GroupRow],
    predictions: Sequence[GroupPrediction],
    rubric: RubricText,
    key: str = OVERALL,
) -> PairTable:
    """All candidate pairs whose human gap on ``key`` is known; rows and predictions in step."""
    columns: list[tuple[float, float, float, int, int, int]] = []
    for item, (row, prediction) in enumerate(zip(rows, predictions, strict=True)):
        mean, std = _scale(prediction, rubric, key)
        for first, second, human in _human_gaps(row, rubric, key):
            variance = std[first] ** 2 + std[second] ** 2
            columns.append((human, mean[first] - mean[second], variance, item, first, second))
    table = np.array(columns, dtype=np.float64).reshape(-1, 6)
    places = table[:, 3:].astype(np.int64).T
    return PairTable(table[:, 0], table[:, 1], table[:, 2], *places)


def _scale(prediction: GroupPrediction, rubric: RubricText, key: str) -> tuple[Array, Array]:
    if key == OVERALL:
        return prediction.overall_mean, prediction.overall_std
    index = rubric.index(key)
    return prediction.mean[:, index], prediction.std[:, index]


def _human_gaps(row: GroupRow, rubric: RubricText, key: str) -> Iterator[tuple[int, int, float]]:
    """Every two scored candidates and the gap of their scores, in levels.

    Over a common denominator, in whole numbers: rounding must not break a tie of two sums.
    """
    scores = [human_score(candidate, rubric, key) for candidate in row.candidates]
    known = [(index, score) for index, score in enumerate(scores) if score is not None]
    unit = math.lcm(*(score.denominator for _, score in known))
    parts = [(index, score.numerator * (unit // score.denominator)) for index, score in known]
    for (first, one), (second, two) in combinations(parts, 2):
        yield first, second, (one - two) / unit


def human_score(candidate: CandidateRow, rubric: RubricText, key: str) -> Fraction | None:
    """The score on a dimension, or the weighted sum of all; ``None`` where one is missing."""
    if key != OVERALL:
        return candidate.scores.get(key)
    return overall_score(
        [candidate.scores.get(dimension.key) for dimension in rubric.dimensions],
        [dimension.exact_weight for dimension in rubric.dimensions],
    )
