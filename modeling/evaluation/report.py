"""The whole evaluation of one split, as one result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analytics.overall import OVERALL
from analytics.ranking.clusters import ClusteredShare
from modeling.config import RubricText
from modeling.data import GroupRow
from modeling.evaluation.accuracy import ScaleAccuracy, measure_accuracy
from modeling.evaluation.pairs import PairTable, collect_pairs
from modeling.evaluation.reliability import Reliability, measure_reliability
from modeling.evaluation.slices import slice_accuracy
from modeling.evaluation.spread import (
    RiskCoverage,
    SpreadReport,
    measure_risk_coverage,
    measure_spread,
)
from modeling.model import GroupPrediction


@dataclass(frozen=True, slots=True)
class Judged:
    """Items with the predictions made for them, in step."""

    rows: Sequence[GroupRow]
    predictions: Sequence[GroupPrediction]


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """All measures, keyed by dimension key or ``overall``."""

    items: int
    accuracy: dict[str, ScaleAccuracy]
    reliability: dict[str, Reliability | None]
    spread: dict[str, SpreadReport]
    risk_coverage: RiskCoverage | None
    slices: dict[str, dict[str, dict[str, ClusteredShare]]]  # by slice, name and scale


def evaluate(
    judged: Judged,
    rubric: RubricText,
    *,
    rng: np.random.Generator,
    calibration: Judged | None = None,
) -> EvaluationReport:
    """Measure a split; ``calibration`` is another split, from which tie thresholds come."""
    scales = (OVERALL, *rubric.keys)
    tables = {key: collect_pairs(judged.rows, judged.predictions, rubric, key) for key in scales}
    others: dict[str, PairTable | None] = dict.fromkeys(scales)
    if calibration is not None:
        for key in scales:
            others[key] = collect_pairs(calibration.rows, calibration.predictions, rubric, key)
    return EvaluationReport(
        items=len(judged.rows),
        accuracy={
            key: measure_accuracy(table, calibration=others[key], rng=rng)
            for key, table in tables.items()
        },
        reliability={key: measure_reliability(table, rng) for key, table in tables.items()},
        spread={
            key: measure_spread(judged.rows, judged.predictions, rubric, key) for key in rubric.keys
        },
        risk_coverage=measure_risk_coverage(tables[OVERALL]),
        slices=slice_accuracy(tables, judged.rows),
    )
