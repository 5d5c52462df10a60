"""Predicted score differences with human labels, validated once. Input of the accuracies."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class LabelledPairs:
    """N pairs (A, B): predicted overall A minus B, and the human label 1 (A), 0 (tie), −1 (B).

    A difference that is not finite is a failed prediction: it is wrong under every rule and stays
    in every denominator.
    """

    difference: NDArray[np.float64]
    label: NDArray[np.int64]

    @property
    def failed(self) -> NDArray[np.bool_]:
        return np.logical_not(np.isfinite(self.difference))

    @property
    def magnitude(self) -> NDArray[np.float64]:
        """Return |difference|, NaN where the prediction failed."""
        return np.where(self.failed, np.nan, np.abs(self.difference))

    @property
    def right_way(self) -> NDArray[np.bool_]:
        """Return where the difference points the way of a strict human label."""
        directed = ~self.failed & (self.label != 0)
        right: NDArray[np.bool_] = directed & (np.sign(self.difference) == self.label)
        return right

    @property
    def tied(self) -> NDArray[np.bool_]:
        """Return where the human label is a tie."""
        return np.equal(self.label, 0)

    def take(self, index: NDArray[np.int64] | NDArray[np.bool_]) -> "LabelledPairs":
        """Return the selected pairs."""
        return LabelledPairs(self.difference[index], self.label[index])


def labelled_pairs(difference: ArrayLike, label: ArrayLike) -> LabelledPairs:
    """Return the pairs as checked arrays, shapes (N,) and (N,).

    Raises:
        ValueError: if the shapes differ or a label is none of 1, 0, −1.
    """
    differences = np.asarray(difference, dtype=np.float64)
    labels = np.asarray(label)
    if differences.ndim != 1 or differences.shape != labels.shape:
        raise ValueError(
            f"differences {differences.shape} and labels {labels.shape} must be equally long rows"
        )
    if not np.isin(labels, (-1, 0, 1)).all():
        raise ValueError("a label must be 1 (A better), 0 (tie) or -1 (B better)")
    return LabelledPairs(differences, labels.astype(np.int64))
