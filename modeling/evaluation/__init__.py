"""How good a model is: order, calibration and slices, from predictions and labels alone."""

from modeling.evaluation.calibrate import fit_calibration
from modeling.evaluation.heldout import heldout_metrics
from modeling.evaluation.pairs import PairTable, collect_pairs

__all__ = ["PairTable", "collect_pairs", "fit_calibration", "heldout_metrics"]
