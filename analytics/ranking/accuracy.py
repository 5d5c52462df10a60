"""Accuracy of predicted score differences against human labels: strict-only and with a given ε.

How ε is chosen is in ``tie_threshold``; baselines that need no skill are in ``floors``.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.ranking.labelled import LabelledPairs
from analytics.ranking.proportions import Proportion, count_true

ALWAYS_TIE = float("inf")
NEVER_TIE = float("-inf")


def strict_hits(pairs: LabelledPairs) -> NDArray[np.bool_]:
    """Return, for the pairs without a human tie, whether the sign of the difference is right.

    A predicted difference of exactly zero, like a failed prediction, is wrong.
    """
    return pairs.right_way[~pairs.tied]


def strict_accuracy(pairs: LabelledPairs) -> Proportion:
    """Return the accuracy over pairs without a human tie."""
    return count_true(strict_hits(pairs))


def three_class_hits(pairs: LabelledPairs, epsilon: float) -> NDArray[np.bool_]:
    """Return whether A, tie or B is right when |difference| ≤ ε predicts a tie.

    ε = −inf predicts no tie at all, ε = +inf always one.
    """
    predicts_tie = ~pairs.failed & (np.abs(pairs.difference) <= epsilon)
    return np.where(pairs.tied, predicts_tie, pairs.right_way & ~predicts_tie)


def three_class_accuracy(pairs: LabelledPairs, epsilon: float) -> Proportion:
    """Return the accuracy over all pairs at a tie threshold ε that was chosen elsewhere."""
    return count_true(three_class_hits(pairs, epsilon))
