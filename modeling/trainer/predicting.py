"""Predictions of a whole data set with a network in memory."""

from __future__ import annotations

from modeling.config import AggregationName
from modeling.data import GroupDataset
from modeling.model import (
    Calibration,
    GroupPrediction,
    LastLayerLaplace,
    RewardNetwork,
    predict,
)


def predict_dataset(
    network: RewardNetwork,
    dataset: GroupDataset,
    *,
    aggregation: AggregationName,
    batch: int,
    calibration: Calibration | None = None,
    laplace: LastLayerLaplace | None = None,
) -> list[GroupPrediction]:
    """Predict every item in the data set's order, ``batch`` items at a time."""
    network.eval()
    found: list[GroupPrediction] = []
    for start in range(0, len(dataset), batch):
        stop = min(start + batch, len(dataset))
        found += predict(
            network,
            [dataset[index].prepared for index in range(start, stop)],
            aggregation=aggregation,
            calibration=calibration or Calibration(),
            laplace=laplace,
        )
    return found
