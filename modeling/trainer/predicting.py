"""Predictions of a whole data set with a network in memory."""

from __future__ import annotations

from collections.abc import Callable

from modeling.backbones import PreparedGroup
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
    return predict_each(
        network,
        len(dataset),
        lambda index: dataset[index].prepared,
        aggregation=aggregation,
        portions=portions,
        laplace=laplace,
    )


def predict_each(
    network: RewardNetwork,
    count: int,
    prepare: Callable[[int], PreparedGroup],
    *,
    aggregation: AggregationName,
    portions: Portions,
    laplace: LastLayerLaplace | None = None,
) -> list[GroupPrediction]:
    """Uncalibrated predictions of ``count`` items, prepared by their places when they are due."""

    def run(portion: range) -> list[GroupPrediction]:
        return predict(
            network,
            [prepare(index) for index in portion],
            aggregation=aggregation,
            calibration=Calibration(),
            laplace=laplace,
        )

    return portions.join([each for found in portions.over(count, run) for each in found])
