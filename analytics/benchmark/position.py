"""Whether a judge that sees two images changes its mind when they swap sides (paper, A.8)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.benchmark.labels import TIES, LabelSpace, PairLabel, labels_agree, mirrored
from analytics.ranking.proportions import Proportion, count_true


class SwapTrial(NamedTuple):
    """One pair judged twice: shown as (A, B) and as (B, A), each answer in the order shown."""

    human: PairLabel
    shown_ab: PairLabel | None
    shown_ba: PairLabel | None


@dataclass(frozen=True, slots=True)
class SwapReport:
    """Consistency and bias of a judge over swapped pairs; failures are wrong and inconsistent.

    ``better_left`` and ``better_right`` are the accuracies over strict pairs when the better image
    is on the left or right: their gap is the position bias. ``consistent_accuracy`` asks for the
    right answer in both orders. ``picks_left`` is the share of left among all strict answers.
    """

    pairs: int
    consistent: Proportion
    accuracy_ab: Proportion
    accuracy_ba: Proportion
    consistent_accuracy: Proportion
    better_left: Proportion
    better_right: Proportion
    picks_left: Proportion

    @property
    def gap(self) -> float | None:
        """Return better-left minus better-right accuracy; None without strict pairs."""
        left, right = self.better_left.value, self.better_right.value
        return None if left is None or right is None else left - right


def swap_report(trials: Sequence[SwapTrial], space: LabelSpace) -> SwapReport:
    """Return the report of a judge's answers to both orders of every pair."""
    ab = _flags(labels_agree(t.shown_ab, t.human, space) for t in trials)
    ba = _flags(labels_agree(mirrored(t.shown_ba), t.human, space) for t in trials)
    same = _flags(labels_agree(t.shown_ab, mirrored(t.shown_ba), space) for t in trials)
    strict = _flags(t.human not in TIES for t in trials)
    a_better = _flags(t.human is PairLabel.FIRST for t in trials)
    picks = _flags(
        answer is PairLabel.FIRST
        for t in trials
        for answer in (t.shown_ab, t.shown_ba)
        if answer is not None and answer not in TIES
    )
    return SwapReport(
        pairs=len(trials),
        consistent=count_true(same),
        accuracy_ab=count_true(ab),
        accuracy_ba=count_true(ba),
        consistent_accuracy=count_true(ab & ba),
        better_left=count_true(np.where(a_better, ab, ba)[strict]),
        better_right=count_true(np.where(a_better, ba, ab)[strict]),
        picks_left=count_true(picks),
    )


def _flags(values: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(values, dtype=np.bool_)
