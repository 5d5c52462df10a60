"""From a row's pairs, scores and ratings to the tensors that losses read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from modeling.config import PairKind, RubricText, TieMode
from modeling.data.rows import GroupRow, PairRow
from modeling.heads import OVERALL_INDEX, Targets

Sample = tuple[int, int, int, float, bool]  # preferred, other, dimension index, weight, tied


def build_targets(row: GroupRow, rubric: RubricText, ties: TieMode) -> Targets:
    """Targets of one item.

    Overall samples come from the row's pairs. Dimension samples come from every two candidates
    whose scores on that dimension differ and whose pair the row carries.
    """
    samples = list(_samples(row, rubric, ties))
    columns = list(zip(*samples, strict=True)) or [(), (), (), (), ()]
    return Targets(
        preferred=torch.tensor(columns[0], dtype=torch.long),
        other=torch.tensor(columns[1], dtype=torch.long),
        dimension=torch.tensor(columns[2], dtype=torch.long),
        weight=torch.tensor(columns[3], dtype=torch.float32),
        tied=torch.tensor(columns[4], dtype=torch.bool),
        counts=_counts(row, rubric),
        scores=_scores(row, rubric),
    )


def _samples(row: GroupRow, rubric: RubricText, ties: TieMode) -> Iterator[Sample]:
    positions = row.positions
    for pair in row.pairs:
        first, second = positions[pair.preferred], positions[pair.other]
        if pair.kind is PairKind.STRICT:
            yield first, second, OVERALL_INDEX, pair.weight, False
            yield from _dimension_samples(row, pair, rubric)
        elif pair.kind is PairKind.IDENTICAL:
            yield first, second, OVERALL_INDEX, pair.weight, True
        elif ties is TieMode.DIMENSION:
            yield first, second, rubric.index(pair.dimension), pair.weight, False
        elif ties is TieMode.FUSED:
            yield first, second, OVERALL_INDEX, pair.weight, False


def _dimension_samples(row: GroupRow, pair: PairRow, rubric: RubricText) -> Iterator[Sample]:
    positions = row.positions
    first, second = positions[pair.preferred], positions[pair.other]
    for index, key in enumerate(rubric.keys):
        one, two = row.candidates[first].scores.get(key), row.candidates[second].scores.get(key)
        if one is not None and two is not None and one != two:  # exact: both are fractions
            winner, loser = (first, second) if one > two else (second, first)
            yield winner, loser, index, pair.weight, False


def _counts(row: GroupRow, rubric: RubricText) -> Tensor:
    """Ratings per level (k, D, L); a final score without ratings counts as one, interpolated."""
    widest = max(len(dimension.levels) for dimension in rubric.dimensions)
    # NumPy, because a tensor takes microseconds to write one number into.
    counts = np.zeros((len(row.candidates), len(rubric.dimensions), widest), dtype=np.float32)
    for i, candidate in enumerate(row.candidates):
        for j, dimension in enumerate(rubric.dimensions):
            given = candidate.ratings.get(dimension.key, ())
            for level in given:
                counts[i, j, dimension.levels.index(level)] += 1
            score = candidate.scores.get(dimension.key)
            if not given and score is not None:
                _spread(counts[i, j], float(score), dimension.levels)
    return torch.from_numpy(counts)


def _spread(counts: NDArray[np.float32], score: float, levels: tuple[int, ...]) -> None:
    """Share one rating between the two levels around a score, which is within their range."""
    upper = next(i for i, level in enumerate(levels) if level >= score)
    if levels[upper] == score:
        counts[upper] += 1
        return
    share = (score - levels[upper - 1]) / (levels[upper] - levels[upper - 1])
    counts[upper] += share
    counts[upper - 1] += 1 - share


def _scores(row: GroupRow, rubric: RubricText) -> Tensor:
    values = [
        [_number(candidate.scores.get(key)) for key in rubric.keys] for candidate in row.candidates
    ]
    return torch.tensor(values, dtype=torch.float32)


def _number(score: Fraction | None) -> float:
    return float("nan") if score is None else float(score)
