"""A benchmark's score sheet for judges that answer pair by pair instead of scoring candidates."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.benchmark.labels import LabelSpace, PairLabel, labels_agree
from analytics.benchmark.orders import HumanOrder, TieQuality
from analytics.benchmark.rows import GroupRow, JudgedGroup, group_rows, strict_only
from analytics.ranking.clusters import ClusteredShare, clustered_share

_LABELS = {1: PairLabel.FIRST, -1: PairLabel.SECOND}
_TIES = {
    None: PairLabel.TIE,
    TieQuality.GOOD: PairLabel.TIE_GOOD,
    TieQuality.BAD: PairLabel.TIE_BAD,
}


@dataclass(frozen=True, slots=True)
class AnsweredGroup:
    """A group with a judge's label per pair of positions i < j; None if the call failed."""

    group_id: str
    item_id: str
    order: HumanOrder
    answers: tuple[PairLabel | None, ...]

    def __post_init__(self) -> None:
        if len(self.answers) != len(self.order.pair_labels):
            raise ValueError(f"group {self.group_id} needs {len(self.order.pair_labels)} answers")

    @property
    def failed(self) -> bool:
        return None in self.answers

    @property
    def human(self) -> tuple[PairLabel, ...]:
        """Return the human label of every pair."""
        tie = _TIES[self.order.tie_quality]
        return tuple(_LABELS.get(label, tie) for label in self.order.pair_labels)


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """All-or-nothing rows (strict groups, all groups) and pair accuracy in one label space.

    A failed call is wrong and stays in every denominator.
    """

    space: LabelSpace
    strict_rows: tuple[GroupRow, ...]
    tied_rows: tuple[GroupRow, ...]
    pairs: ClusteredShare
    strict_pairs: ClusteredShare


def score_answers(groups: Sequence[AnsweredGroup], space: LabelSpace) -> AnswerReport:
    """Score a judge's pair labels on every group.

    Raises:
        ValueError: if there is no group.
    """
    if not groups:
        raise ValueError("a benchmark without groups has no score")
    judged = [JudgedGroup(g.item_id, g.order, all(_agreed(g, space)), g.failed) for g in groups]
    right = np.array([hit for g in groups for hit in _agreed(g, space)], dtype=np.bool_)
    strict = np.array([label != 0 for g in groups for label in g.order.pair_labels], dtype=np.bool_)
    names = [g.item_id for g in groups for _ in g.answers]
    items = np.unique(names, return_inverse=True)[1].astype(np.int64)
    return AnswerReport(
        space=space,
        strict_rows=group_rows(strict_only(judged)),
        tied_rows=group_rows(judged),
        pairs=clustered_share(right, items),
        strict_pairs=clustered_share(right[strict], items[strict]),
    )


def _agreed(group: AnsweredGroup, space: LabelSpace) -> list[bool]:
    return [labels_agree(a, h, space) for a, h in zip(group.answers, group.human, strict=True)]
