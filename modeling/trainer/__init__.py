"""Training runs: build, fit, calibrate, evaluate, save."""

from modeling.trainer.callbacks import TrainingCancelledError
from modeling.trainer.run import TrainResult, train

__all__ = ["TrainResult", "TrainingCancelledError", "train"]
