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
    laplace: LastLayerLaplace | None = None,
) -> list[GroupPrediction]:
    """Uncalibrated predictions of every item in the data set's order, ``batch`` at a time."""
    network.eval()
    found: list[GroupPrediction] = []
    for start in range(0, len(dataset), batch):
        stop = min(start + batch, len(dataset))
        found += predict(
            network,
            [dataset[index].prepared for index in range(start, stop)],
            aggregation=aggregation,
            calibration=Calibration(),
            laplace=laplace,
        )
    return found
