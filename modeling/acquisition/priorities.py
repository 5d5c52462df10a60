"""Priorities of items under a named strategy; what the refresh of task queues calls."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch

from modeling.acquisition.bald import ItemPairs, bald_order
from modeling.config import StrategyName
from modeling.likelihood import log_win_probability
from modeling.model import GroupPrediction

Strategy = Callable[[Sequence[GroupPrediction], int, np.random.Generator], dict[str, float]]


def prioritise(
    *,
    predictions: Sequence[GroupPrediction],
    strategy: StrategyName,
    batch: int,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Priorities (higher first, in (0, 1]) of the ``batch`` items to rate next.

    ``random`` ignores the predictions; use it too for the share of tasks that must stay a fair
    sample.
    """
    return _STRATEGIES[strategy](predictions, batch, rng)


def _ranks(item_ids: Sequence[str]) -> dict[str, float]:
    """Ranks rather than gains: priorities of different model versions stay comparable."""
    count = len(item_ids)
    return {item_id: (count - rank) / count for rank, item_id in enumerate(item_ids)}


def _bald(
    predictions: Sequence[GroupPrediction], batch: int, _: np.random.Generator
) -> dict[str, float]:
    order = bald_order(predictions, batch=batch)
    return _ranks([predictions[index].item_id for index, _ in order])


def _hard(
    predictions: Sequence[GroupPrediction], batch: int, _: np.random.Generator
) -> dict[str, float]:
    """Items whose predicted wins lie nearest to a coin's, on average; those without any, last."""
    ordered = sorted(predictions, key=_mean_margin)
    return _ranks([prediction.item_id for prediction in ordered[:batch]])


def _random(
    predictions: Sequence[GroupPrediction], batch: int, rng: np.random.Generator
) -> dict[str, float]:
    order = rng.permutation(len(predictions))[:batch]
    return _ranks([predictions[index].item_id for index in order])


def _mean_margin(prediction: GroupPrediction) -> float:
    """Mean |P(win) - 1/2| over the item's comparisons; infinite where there are none."""
    if len(prediction.candidate_ids) == 1:
        return math.inf
    pairs = ItemPairs.of(prediction)
    win = log_win_probability(torch.from_numpy(pairs.gap), torch.from_numpy(pairs.aleatoric)).exp()
    return float((win - 0.5).abs().mean())


_STRATEGIES: dict[StrategyName, Strategy] = {
    StrategyName.BALD: _bald,
    StrategyName.HARD: _hard,
    StrategyName.RANDOM: _random,
}
