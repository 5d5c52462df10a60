"""Tie-calibrated pair accuracy as the public EditReward and VideoAlign code computes it.

Two quirks: ε is tuned on the test pairs, and the sweep adds pairs one at a time. It therefore never
tries "no ties", and where |difference| repeats it scores thresholds that do not exist.
"""

from dataclasses import dataclass

import numpy as np

from analytics.ranking.labelled import LabelledPairs
from analytics.ranking.proportions import Proportion


@dataclass(frozen=True, slots=True)
class SweptAccuracy:
    """The best accuracy the published sweep sees, and the |difference| where it sees it."""

    accuracy: Proportion
    epsilon: float


def incremental_sweep(pairs: LabelledPairs) -> SweptAccuracy:
    """Return the sweep's result in the pairs' given order (it matters where values repeat).

    Failed predictions are dropped from numerator and denominator, as published.

    Raises:
        ValueError: if no prediction is valid.
    """
    valid = pairs.take(~pairs.failed)
    if not valid.label.size:
        raise ValueError("no valid prediction to sweep over")
    order = np.argsort(valid.magnitude, kind="stable")
    ties, right = valid.tied[order], valid.right_way[order]
    correct = np.cumsum(ties) + right.sum() - np.cumsum(right)
    best = int(np.argmax(correct))
    share = Proportion(int(correct[best]), int(valid.label.size))
    return SweptAccuracy(share, float(valid.magnitude[order][best]))


def threshold_sweep(pairs: LabelledPairs) -> SweptAccuracy:
    """Return the sweep over 0 and every distinct |difference|, tuned on the test pairs.

    EditReward-Bench's own version: right where values repeat, still without "no ties" unless no
    difference is zero. Failed predictions are dropped, as published.

    Raises:
        ValueError: if no prediction is valid.
    """
    valid = pairs.take(~pairs.failed)
    if not valid.label.size:
        raise ValueError("no valid prediction to sweep over")
    thresholds = np.unique(np.concatenate(([0.0], valid.magnitude)))
    tied = valid.magnitude[None, :] <= thresholds[:, None]
    correct = np.where(valid.tied, tied, valid.right_way & ~tied).sum(axis=1)
    best = int(np.argmax(correct))
    return SweptAccuracy(
        Proportion(int(correct[best]), int(valid.label.size)), float(thresholds[best])
    )
