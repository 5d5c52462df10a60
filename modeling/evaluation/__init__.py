"""How good a model is: order, calibration and slices, from predictions and labels alone."""

from modeling.evaluation.calibrate import fit_calibration
from modeling.evaluation.heldout import heldout_metrics
from modeling.evaluation.pairs import PairTable, collect_pairs
from modeling.evaluation.plain import to_plain
from modeling.evaluation.promotion import Promotion, decide_promotion
from modeling.evaluation.report import EvaluationReport, Judged, evaluate

__all__ = [
    "EvaluationReport",
    "Judged",
    "PairTable",
    "Promotion",
    "collect_pairs",
    "decide_promotion",
    "evaluate",
    "fit_calibration",
    "heldout_metrics",
    "to_plain",
]
