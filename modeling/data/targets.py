"""From a row's pairs, scores and ratings to the tensors that losses read."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

import torch
from torch import Tensor

from modeling.config import OVERALL, PairKind, RubricText, TieMode
from modeling.data.rows import CandidateRow, GroupRow, PairRow
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
            yield first, second, _index(pair.dimension, rubric), pair.weight, False
        elif ties is TieMode.FUSED:
            yield first, second, OVERALL_INDEX, pair.weight, False


def _dimension_samples(row: GroupRow, pair: PairRow, rubric: RubricText) -> Iterator[Sample]:
    positions = row.positions
    first, second = positions[pair.preferred], positions[pair.other]
    for index, key in enumerate(rubric.keys):
        gap = _gap(row.candidates[first], row.candidates[second], key)
        if gap:
            winner, loser = (first, second) if gap > 0 else (second, first)
            yield winner, loser, index, pair.weight, False


def _gap(first: CandidateRow, second: CandidateRow, key: str) -> Fraction:
    """Difference of two final scores; 0 where either is missing."""
    one, two = first.scores.get(key), second.scores.get(key)
    return Fraction(0) if one is None or two is None else one - two


def _index(dimension: str, rubric: RubricText) -> int:
    return OVERALL_INDEX if dimension == OVERALL else rubric.index(dimension)


def _counts(row: GroupRow, rubric: RubricText) -> Tensor:
    """Ratings per level (k, D, L); a final score without ratings counts as one, interpolated."""
    widest = max(len(dimension.levels) for dimension in rubric.dimensions)
    counts = torch.zeros(len(row.candidates), len(rubric.dimensions), widest)
    for i, candidate in enumerate(row.candidates):
        for j, dimension in enumerate(rubric.dimensions):
            given = candidate.ratings.get(dimension.key, ())
            for level in given:
                counts[i, j, dimension.levels.index(level)] += 1
            score = candidate.scores.get(dimension.key)
            if not given and score is not None:
                _spread(counts[i, j], float(score), dimension.levels)
    return counts


def _spread(counts: Tensor, score: float, levels: tuple[int, ...]) -> None:
    """Share one rating between the two levels around a score."""
    score = min(max(score, levels[0]), levels[-1])
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


def all_pairs(row: GroupRow, rubric: RubricText) -> Iterator[tuple[int, int, dict[str, Fraction]]]:
    """Every two candidates with their score gaps by dimension, where both are scored."""
    for first, second in combinations(range(len(row.candidates)), 2):
        one, two = row.candidates[first], row.candidates[second]
        gaps = {
            key: _gap(one, two, key)
            for key in rubric.keys
            if one.scores.get(key) is not None and two.scores.get(key) is not None
        }
        yield first, second, gaps
