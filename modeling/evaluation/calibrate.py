"""Fitting the factors on σ: the temperature that makes validation pairs most likely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch

from analytics.overall import OVERALL
from modeling.config import RubricText
from modeling.data import GroupRow
from modeling.evaluation.pairs import PairTable, collect_pairs
from modeling.likelihood import log_win_probability
from modeling.model import Calibration, GroupPrediction

_FACTORS = np.geomspace(0.1, 10.0, 81)
_FEW = 20


def fit_calibration(
    rows: Sequence[GroupRow], predictions: Sequence[GroupPrediction], rubric: RubricText
) -> Calibration:
    """One factor per scale by grid search; 1 where fewer than 20 ordered pairs speak."""
    return Calibration(
        {
            key: best_spread(collect_pairs(rows, predictions, rubric, key))
            for key in (*rubric.keys, OVERALL)
        }
    )


def best_spread(table: PairTable) -> float:
    """The factor on σ with the lowest pair NLL, from 0.1 to 10 in steps of 6 %."""
    strict = table.select(table.strict)
    if len(strict) < _FEW:
        return 1.0
    gap = torch.from_numpy(strict.gap * np.sign(strict.human))
    variance = torch.from_numpy(strict.variance)
    losses = [-float(log_win_probability(gap, variance * f**2).mean()) for f in _FACTORS]
    return float(_FACTORS[int(np.argmin(losses))])
