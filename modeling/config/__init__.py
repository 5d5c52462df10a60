"""Every choice that a model or a training run is made of, as plain data for all rooms."""

from modeling.config.enums import (
    AggregationName,
    BackboneName,
    HeadName,
    LossName,
    PairKind,
    PrecisionName,
    ScheduleName,
    Split,
    StrategyName,
    TieMode,
)
from modeling.config.rubric import DimensionText, RubricText
from modeling.config.training import LoraSettings, LossSettings, TrainConfig

__all__ = [
    "AggregationName",
    "BackboneName",
    "DimensionText",
    "HeadName",
    "LoraSettings",
    "LossName",
    "LossSettings",
    "PairKind",
    "PrecisionName",
    "RubricText",
    "ScheduleName",
    "Split",
    "StrategyName",
    "TieMode",
    "TrainConfig",
]
