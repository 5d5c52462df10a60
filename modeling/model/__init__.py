"""The reward network and its predictions."""

from modeling.model.calibration import Calibration
from modeling.model.epistemic import LastLayerLaplace
from modeling.model.network import RewardNetwork
from modeling.model.prediction import (
    GroupPrediction,
    NotFiniteError,
    predict,
    require_finite,
    split_predictions,
)

__all__ = [
    "Calibration",
    "GroupPrediction",
    "LastLayerLaplace",
    "NotFiniteError",
    "RewardNetwork",
    "predict",
    "require_finite",
    "split_predictions",
]
