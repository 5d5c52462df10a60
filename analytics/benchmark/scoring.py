"""All-or-nothing hits of predicted scores on groups, their pairs, and Kendall's τ-b per group."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from analytics.benchmark.orders import HumanOrder
from analytics.ranking.accuracy import NEVER_TIE
from analytics.ranking.correlation import kendall_tau_b
from analytics.ranking.labelled import LabelledPairs, labelled_pairs


@dataclass(frozen=True, slots=True)
class ScoredGroup:
    """A benchmark group with one predicted overall score per position (NaN where it failed)."""

    group_id: str
    item_id: str
    order: HumanOrder
    predicted: tuple[float, ...]

    def __post_init__(self) -> None:
        if len(self.predicted) != self.order.k:
            raise ValueError(
                f"group {self.group_id} has {self.order.k} candidates "
                f"and {len(self.predicted)} predictions"
            )

    @property
    def failed(self) -> bool:
        return not all(np.isfinite(self.predicted))

    @property
    def differences(self) -> tuple[float, ...]:
        """Return predicted i minus j for every pair of positions i < j; NaN if one failed."""
        predicted = [score if np.isfinite(score) else np.nan for score in self.predicted]
        return tuple(a - b for a, b in combinations(predicted, 2))


def is_hit(group: ScoredGroup, epsilon: float = NEVER_TIE) -> bool:
    """Return whether every pair relation of the group is predicted right.

    Only pairs (K = 2) offer a tie, where |difference| ≤ ε says so; larger groups ask for a strict
    order, so equal scores in them are wrong. A failed prediction is wrong.
    """
    threshold = epsilon if group.order.k == 2 else NEVER_TIE  # noqa: PLR2004 - the pair
    return all(
        _relation(difference, threshold) == label
        for difference, label in zip(group.differences, group.order.pair_labels, strict=True)
    )


def pairs_of_groups(
    groups: Sequence[ScoredGroup],
) -> tuple[LabelledPairs, NDArray[np.int64]]:
    """Return all pairs within the groups and the item number of each, shape (P,)."""
    names = {name: number for number, name in enumerate(sorted({g.item_id for g in groups}))}
    differences = [d for group in groups for d in group.differences]
    labels = [label for group in groups for label in group.order.pair_labels]
    items = [names[group.item_id] for group in groups for _ in group.order.pair_labels]
    return labelled_pairs(differences, np.array(labels, dtype=np.int64)), np.array(
        items, dtype=np.int64
    )


def tau_b_of_groups(groups: Sequence[ScoredGroup]) -> NDArray[np.float64]:
    """Return Kendall's τ-b of prediction and human order per group, shape (G,).

    A failed or constant prediction gives no order and counts 0; NaN where all humans tie, since
    there is no order to correlate with.
    """
    return np.array([_tau_b(group) for group in groups])


def _tau_b(group: ScoredGroup) -> float:
    if len(set(group.order.ranks)) == 1:
        return float("nan")
    if group.failed:
        return 0.0
    tau = kendall_tau_b(group.predicted, [-rank for rank in group.order.ranks])
    return 0.0 if tau.value is None else tau.value


def _relation(difference: float, epsilon: float) -> int | None:
    """Return 1, 0, −1, or None if there is no valid answer (failed, or equal without a tie)."""
    if np.isnan(difference):
        return None
    if abs(difference) <= epsilon:
        return 0
    return int(np.sign(difference)) or None
