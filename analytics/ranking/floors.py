"""The score of a predictor that ignores its input: printed with every accuracy."""

from dataclasses import dataclass
from fractions import Fraction
from math import factorial

import numpy as np

from analytics.ranking.labelled import LabelledPairs
from analytics.ranking.proportions import Proportion, count_true


@dataclass(frozen=True, slots=True)
class PairFloors:
    """Accuracies without any skill, on given pairs.

    ``random_score`` is the expected three-class accuracy of continuous random scores: they never
    tie and point the right way half the time. ``uniform_label`` guesses one of three labels.
    """

    always_tie: Proportion
    always_first: Proportion
    always_second: Proportion
    random_score: Fraction
    random_score_strict: Fraction
    uniform_label: Fraction


def pair_floors(pairs: LabelledPairs) -> PairFloors:
    """Return the floors of three-class and strict accuracy on these pairs' labels."""
    strict, total = int(np.count_nonzero(pairs.label)), int(pairs.label.size)
    return PairFloors(
        always_tie=count_true(pairs.tied),
        always_first=count_true(pairs.label == 1),
        always_second=count_true(pairs.label == -1),
        random_score=Fraction(strict, 2 * total) if total else Fraction(0),
        random_score_strict=Fraction(1, 2),
        uniform_label=Fraction(1, 3),
    )


def random_ranking_floor(k: int) -> Fraction:
    """Return the chance 1/k! that random scores put k candidates in one strict order."""
    return Fraction(1, factorial(k))


def uniform_label_floor(k: int, labels: int) -> Fraction:
    """Return the chance that independent guesses get all k(k−1)/2 pair labels right."""
    return Fraction(1, labels) ** (k * (k - 1) // 2)
