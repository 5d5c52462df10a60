"""EditReward-Bench (K = 2, 3, 4) as its public evaluation code scores it.

Quirks kept: ε is tuned on the tested pairs; a strict pair is judged by sign alone while a tie is
judged at ε, so one prediction can satisfy both; an order with "=" in K ≥ 3 is never right but
counts; equal scores are ordered by position, the later one first.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.benchmark.as_published.pairwise import threshold_sweep
from analytics.benchmark.orders import HumanOrder
from analytics.benchmark.scoring import ScoredGroup, pairs_of_groups
from analytics.ranking.proportions import Proportion


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """Groups right and counted, for one K or pooled over all groups."""

    k: int | None
    accuracy: Proportion


def score_groups_as_published(groups: Sequence[ScoredGroup]) -> tuple[PublishedRow, ...]:
    """Return the all-or-nothing accuracy per K, ascending, and pooled (last).

    Groups with a failed prediction are dropped from the denominator, as published.
    """
    valid = [group for group in groups if not group.failed]
    pairs_of_two = [group for group in valid if group.order.k == 2]  # noqa: PLR2004 - the pair
    epsilon = threshold_sweep(pairs_of_groups(pairs_of_two)[0]).epsilon if pairs_of_two else 0.0
    rows = [
        _row(k, [_is_right(g, epsilon) for g in valid if g.order.k == k])
        for k in sorted({group.order.k for group in valid})
    ]
    return (*rows, _pooled(rows))


def score_answers_as_published(
    answers: Iterable[tuple[HumanOrder, Sequence[int | None]]],
) -> tuple[PublishedRow, ...]:
    """Return the accuracy of a judge asked about every pair separately, per K and pooled.

    Each entry consists of the human order and the judge's 1, 0, −1 (None: failed call) per pair i <
    j. A group is right if all its pairs are; groups with a failed call leave the denominator.
    """
    by_k: dict[int, list[bool]] = {}
    for order, said in answers:
        if None not in said:
            by_k.setdefault(order.k, []).append(tuple(said) == order.pair_labels)
    rows = [_row(k, by_k[k]) for k in sorted(by_k)]
    return (*rows, _pooled(rows))


def _is_right(group: ScoredGroup, epsilon: float) -> bool:
    if group.order.k == 2 and not group.order.is_strict:  # noqa: PLR2004 - the pair
        return abs(group.differences[0]) <= epsilon
    if not group.order.is_strict:
        return False
    best_first = np.argsort(group.predicted, kind="stable")[::-1]
    return [group.order.ranks[position] for position in best_first] == list(range(group.order.k))


def _row(k: int, right: Sequence[bool]) -> PublishedRow:
    return PublishedRow(k, Proportion(sum(right), len(right)))


def _pooled(rows: Sequence[PublishedRow]) -> PublishedRow:
    right = sum(row.accuracy.correct for row in rows)
    return PublishedRow(None, Proportion(right, sum(row.accuracy.total for row in rows)))
