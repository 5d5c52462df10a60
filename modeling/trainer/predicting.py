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
from modeling.trainer.portions import Portions


def predict_dataset(
    network: RewardNetwork,
    dataset: GroupDataset,
    *,
    aggregation: AggregationName,
    portions: Portions,
    laplace: LastLayerLaplace | None = None,
) -> list[GroupPrediction]:
    """Uncalibrated predictions of every item in the data set's order, a portion at a time."""
    network.eval()

    def run(portion: range) -> list[GroupPrediction]:
        return predict(
            network,
            [dataset[index].prepared for index in portion],
            aggregation=aggregation,
            calibration=Calibration(),
            laplace=laplace,
        )

    return [each for found in portions.over(len(dataset), run) for each in found]
