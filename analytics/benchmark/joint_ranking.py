"""The raters' joint ranking check (paper, A.3): confirm or correct the order scores imply."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from analytics.benchmark.groups import BenchmarkGroup
from analytics.benchmark.orders import HumanOrder, order_of_scores
from analytics.overall import weighted_sum
from analytics.pairs.dimensions import Dimensions


class JointOutcome(StrEnum):
    """What the raters' orders say together about a group."""

    CONFIRMED = "confirmed"
    CORRECTED = "corrected"
    NO_MAJORITY = "no_majority"
    INTRANSITIVE = "intransitive"
    TIED = "tied"
    """The majority ties candidates of a group that needs a strict order (K ≥ 3)."""


@dataclass(frozen=True, slots=True)
class JointRanking:
    """The outcome, the majority's order where there is a valid one, and how many raters gave it."""

    outcome: JointOutcome
    order: HumanOrder | None
    agreeing: int


def implied_orders(group: BenchmarkGroup, dimensions: Dimensions) -> tuple[HumanOrder, ...]:
    """Return, per rater, the order that this rater's own scores imply: what to confirm.

    Raises:
        ValueError: if a level is missing.
    """
    raters = len(group.candidates[0].rater_scores)
    orders = []
    for rater in range(raters):
        rows = [candidate.rater_scores[rater] for candidate in group.candidates]
        levels = [[level for level in row if level is not None] for row in rows]
        orders.append(order_of_scores([weighted_sum(row, dimensions.weights) for row in levels]))
    return tuple(orders)


def joint_ranking(group: BenchmarkGroup, orders: Sequence[HumanOrder]) -> JointRanking:
    """Return what most raters say of every pair, if that makes an order that the group may have.

    Raises:
        ValueError: if there is no order or one has another number of candidates.
    """
    if not orders or any(order.k != group.k for order in orders):
        raise ValueError(f"group {group.group_id} needs orders of {group.k} candidates")
    labels = _majority_labels(orders)
    if None in labels:
        return JointRanking(JointOutcome.NO_MAJORITY, None, 0)
    order = _order_of_labels(group.k, [label for label in labels if label is not None])
    if order is None:
        return JointRanking(JointOutcome.INTRANSITIVE, None, 0)
    agreeing = sum(given.ranks == order.ranks for given in orders)
    if group.k > 2 and not order.is_strict:  # noqa: PLR2004 - only pairs may tie
        return JointRanking(JointOutcome.TIED, None, agreeing)
    if order.ranks == group.order.ranks:
        return JointRanking(JointOutcome.CONFIRMED, group.order, agreeing)
    return JointRanking(JointOutcome.CORRECTED, order, agreeing)


def _majority_labels(orders: Sequence[HumanOrder]) -> list[int | None]:
    """Return each pair's label of more than half of the raters, None if there is none."""
    majority: list[int | None] = []
    for labels in zip(*(order.pair_labels for order in orders), strict=True):
        label, count = Counter(labels).most_common(1)[0]
        majority.append(label if 2 * count > len(orders) else None)
    return majority


def _order_of_labels(k: int, labels: list[int]) -> HumanOrder | None:
    """Return the order with exactly these pair labels, or None if they run in a circle."""
    above = [0] * k
    pairs = ((i, j) for i in range(k) for j in range(i + 1, k))
    for (first, second), label in zip(pairs, labels, strict=True):
        above[first] += label < 0
        above[second] += label > 0
    dense = sorted(set(above))
    order = HumanOrder(tuple(dense.index(count) for count in above))
    return order if list(order.pair_labels) == labels else None
