"""Accuracy of judges that answer with a label (A>B, B>A, a tie) in a named label space."""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analytics.ranking.proportions import Proportion, count_true


class PairLabel(StrEnum):
    """What a human or a judge says of two images; ``TIE`` leaves good or bad open."""

    FIRST = "A>B"
    SECOND = "B>A"
    TIE_GOOD = "A=B=Good"
    TIE_BAD = "A=B=Bad"
    TIE = "A=B"


class LabelSpace(StrEnum):
    """Which answers count as different: four classes, or three with all ties alike."""

    FOUR = "4-class"
    THREE = "3-class"


TIES = frozenset({PairLabel.TIE_GOOD, PairLabel.TIE_BAD, PairLabel.TIE})
_MIRROR = {PairLabel.FIRST: PairLabel.SECOND, PairLabel.SECOND: PairLabel.FIRST}

Answers = Sequence[PairLabel | None]


def mirrored(label: PairLabel | None) -> PairLabel | None:
    """Return the label that says the same of the two images in the other order."""
    return label if label is None else _MIRROR.get(label, label)


def labels_agree(one: PairLabel | None, two: PairLabel | None, space: LabelSpace) -> bool:
    """Return whether two labels agree; an open tie agrees with either kind of tie.

    ``None`` is a failed or unparsable answer and agrees with no label.
    """
    if one is None or two is None:
        return False
    if one in TIES and two in TIES:
        return space is LabelSpace.THREE or one is two or PairLabel.TIE in (one, two)
    return one is two


def label_hits(
    predicted: Answers, human: Sequence[PairLabel], space: LabelSpace
) -> NDArray[np.bool_]:
    """Return the hits of a judge's labels, shape (N,); failures are wrong and stay counted."""
    return np.array(
        [labels_agree(p, h, space) for p, h in zip(predicted, human, strict=True)], dtype=np.bool_
    )


def label_accuracy(predicted: Answers, human: Sequence[PairLabel], space: LabelSpace) -> Proportion:
    """Return the accuracy over all pairs in the label space."""
    return count_true(label_hits(predicted, human, space))


def strict_label_accuracy(predicted: Answers, human: Sequence[PairLabel]) -> Proportion:
    """Return the accuracy over pairs that humans did not tie; a predicted tie is wrong."""
    strict = np.array([label not in TIES for label in human], dtype=np.bool_)
    return count_true(label_hits(predicted, human, LabelSpace.THREE)[strict])


def always_tie_accuracy(human: Sequence[PairLabel]) -> Proportion:
    """Return the three-class accuracy of answering "tie" to every pair."""
    return count_true(np.array([label in TIES for label in human], dtype=np.bool_))
