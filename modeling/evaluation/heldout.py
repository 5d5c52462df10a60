"""The few figures that training watches on its validation items."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analytics.overall import OVERALL
from modeling.config import RubricText
from modeling.data import GroupRow
from modeling.evaluation.pairs import PairTable, collect_pairs
from modeling.model import GroupPrediction

_HALF = 0.5


def strict_accuracy(table: PairTable) -> float:
    """Share of human-ordered pairs in the right order; a predicted tie counts one half.

    The strict accuracy of reports and cards counts it as wrong: the two differ by half the share
    of predicted ties, which between real numbers are rare.
    """
    strict = table.select(table.strict)
    if not len(strict):
        return float("nan")
    agreement = np.sign(strict.gap) * np.sign(strict.human)
    return float(((agreement + 1) * _HALF).mean())


def pair_nll(table: PairTable) -> float:
    """Mean negative log-likelihood of the human-ordered pairs."""
    strict = table.select(table.strict)
    return float(-strict.log_win.mean()) if len(strict) else float("nan")


def heldout_metrics(
    rows: Sequence[GroupRow], predictions: Sequence[GroupPrediction], rubric: RubricText
) -> dict[str, float]:
    """``pair_nll`` and ``accuracy`` for the overall and ``accuracy_<key>`` per dimension."""
    overall = collect_pairs(rows, predictions, rubric)
    metrics = {"pair_nll": pair_nll(overall), "accuracy": strict_accuracy(overall)}
    for key in (OVERALL, *rubric.keys):
        table = overall if key == OVERALL else collect_pairs(rows, predictions, rubric, key)
        metrics[f"accuracy_{key}"] = strict_accuracy(table)
        metrics[f"pairs_{key}"] = float(table.strict.sum())
    return metrics
