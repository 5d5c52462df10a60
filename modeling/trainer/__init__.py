"""Training runs: build, fit, calibrate, evaluate, save."""

from modeling.trainer.callbacks import TrainingCancelledError
from modeling.trainer.groups import TrainingDivergedError
from modeling.trainer.run import TrainResult, train

__all__ = ["TrainResult", "TrainingCancelledError", "TrainingDivergedError", "train"]
