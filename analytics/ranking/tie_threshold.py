"""Choosing the tie threshold ε: on a calibration split or by cross-fitting, never on the test.

After Deutsch, Foster and Freitag 2023 (arXiv 2305.14324), with exact thresholds.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.ranking.accuracy import ALWAYS_TIE, NEVER_TIE, three_class_hits
from analytics.ranking.labelled import LabelledPairs
from analytics.ranking.proportions import Proportion, count_true

MINIMUM_FOLDS = 2


@dataclass(frozen=True, slots=True)
class TieThreshold:
    """The best ε on its calibration pairs, and the (optimistic) accuracy there."""

    epsilon: float
    calibration: Proportion


@dataclass(frozen=True, slots=True, eq=False)
class CrossFit:
    """Hits of all pairs, each judged at an ε fitted without its own cluster; ε per fold."""

    epsilons: tuple[float, ...]
    fold: NDArray[np.int64]
    hits: NDArray[np.bool_]

    @property
    def accuracy(self) -> Proportion:
        return count_true(self.hits)


def candidate_thresholds(magnitude: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return every ε that can matter, ascending: −inf, midpoints of distinct |d|, +inf."""
    distinct = np.unique(magnitude[~np.isnan(magnitude)])
    midpoints = distinct[:-1] + (distinct[1:] - distinct[:-1]) / 2
    # Between neighbouring floats a midpoint can round up onto the larger one and would tie it.
    separating = np.where(midpoints < distinct[1:], midpoints, distinct[:-1])
    return np.concatenate(([NEVER_TIE], separating, [ALWAYS_TIE]))


def fit_tie_threshold(pairs: LabelledPairs) -> TieThreshold:
    """Return the ε of the highest three-class accuracy, the smallest one if several reach it.

    One sort and two cumulative sums: O(N log N).

    Raises:
        ValueError: if there is no pair.
    """
    if not pairs.label.size:
        raise ValueError("no pair to choose a tie threshold on")
    correct = _correct_by_threshold(pairs)
    best = int(np.argmax(correct))
    epsilon = float(candidate_thresholds(pairs.magnitude)[best])
    return TieThreshold(epsilon, Proportion(int(correct[best]), int(pairs.label.size)))


def cross_fit(
    pairs: LabelledPairs, cluster: NDArray[np.int64], folds: int, rng: np.random.Generator
) -> CrossFit:
    """Judge every pair at an ε fitted on the other folds; whole clusters (items) share a fold.

    Args:
        pairs: N pairs.
        cluster: shape (N,), the cluster of each pair.
        folds: number of folds, at least two and at most the number of clusters.
        rng: deals the clusters to folds.

    Raises:
        ValueError: if the folds do not fit the clusters.
    """
    names, member = np.unique(cluster, return_inverse=True)
    if not MINIMUM_FOLDS <= folds <= names.size:
        raise ValueError(f"cannot deal {names.size} clusters to {folds} folds")
    fold = rng.permutation(np.arange(names.size) % folds)[member]
    hits = np.zeros(pairs.label.size, dtype=np.bool_)
    epsilons = []
    for index in range(folds):
        inside = fold == index
        epsilon = fit_tie_threshold(pairs.take(~inside)).epsilon
        hits[inside] = three_class_hits(pairs.take(inside), epsilon)
        epsilons.append(epsilon)
    return CrossFit(tuple(epsilons), fold.astype(np.int64), hits)


def _correct_by_threshold(pairs: LabelledPairs) -> NDArray[np.int64]:
    """Return the number of right pairs at each candidate threshold, shape (T,)."""
    usable = ~pairs.failed
    distinct, group = np.unique(pairs.magnitude[usable], return_inverse=True)
    ties = np.bincount(group, weights=pairs.tied[usable], minlength=distinct.size)
    strict = np.bincount(group, weights=pairs.right_way[usable], minlength=distinct.size)
    tied_below = np.concatenate(([0.0], np.cumsum(ties)))
    right_above = strict.sum() - np.concatenate(([0.0], np.cumsum(strict)))
    correct = np.rint(tied_below + right_above).astype(np.int64)
    # Without any usable prediction both ends remain as thresholds, and no pair is right at either.
    return correct if distinct.size else np.zeros(2, dtype=np.int64)
