"""Greedy batches of items with the most informative comparisons, discounting similar ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from modeling.acquisition.information import pair_information
from modeling.model import GroupPrediction

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ItemPairs:
    """An item's comparisons: gaps, aleatoric variances and epistemic directions."""

    gap: Array  # (P,)
    aleatoric: Array  # (P,)
    directions: Array  # (P, S): difference of the candidates' factor rows

    @classmethod
    def of(cls, prediction: GroupPrediction) -> ItemPairs:
        """All k(k-1)/2 comparisons of an item; one row of zeros for a single candidate."""
        pairs = list(combinations(range(len(prediction.candidate_ids)), 2)) or [(0, 0)]
        first, second = np.array(pairs).T
        variance = np.square(prediction.overall_std)
        return cls(
            prediction.overall_mean[first] - prediction.overall_mean[second],
            variance[first] + variance[second],
            prediction.factor[first] - prediction.factor[second],
        )


def bald_order(predictions: Sequence[GroupPrediction], *, batch: int) -> list[tuple[int, float]]:
    """The ``batch`` most telling items with their gains in nats, best first.

    An item's gain is the mean information of its comparisons. After each choice the epistemic
    covariance is reduced as if the comparison had been answered (Sherman–Morrison), so that the
    batch does not ask the same question twice. Gains only fall, so a stale gain is an upper
    bound and most items need not be looked at again (lazy greedy: Minoux 1978).
    """
    pairs = [ItemPairs.of(prediction) for prediction in predictions]
    if not pairs:
        return []
    covariance = np.eye(pairs[0].directions.shape[1])
    bounds = np.array([_gain(item, covariance) for item in pairs])
    chosen: list[tuple[int, float]] = []
    while len(chosen) < min(batch, len(pairs)):
        best = _next_best(pairs, covariance, bounds)
        chosen.append((best, float(bounds[best])))
        bounds[best] = -np.inf
        covariance = _answered(covariance, pairs[best])
    return chosen


def _next_best(pairs: Sequence[ItemPairs], covariance: Array, bounds: Array) -> int:
    """Refresh the highest bound until it stays the highest."""
    fresh: set[int] = set()
    while True:
        top = int(np.argmax(bounds))
        if top in fresh:
            return top
        bounds[top] = min(bounds[top], _gain(pairs[top], covariance))
        fresh.add(top)


def _gain(item: ItemPairs, covariance: Array) -> float:
    return float(pair_information(item.gap, item.aleatoric, _epistemic(item, covariance)).mean())


def _epistemic(item: ItemPairs, covariance: Array) -> Array:
    spread: Array = np.einsum("ps,st,pt->p", item.directions, covariance, item.directions)
    return np.maximum(spread, 0.0)


def _answered(covariance: Array, item: ItemPairs) -> Array:
    """Posterior covariance once every comparison of the item is known."""
    shrink = 1 / (1 + np.pi * item.aleatoric / 8)
    probability = 1 / (1 + np.exp(-item.gap * np.sqrt(shrink)))
    information = shrink * probability * (1 - probability)
    for direction, weight in zip(item.directions, information, strict=True):
        reached = covariance @ direction
        covariance = covariance - np.outer(reached, reached) * (
            weight / (1 + weight * direction @ reached)
        )
    return covariance
