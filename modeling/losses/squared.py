"""Point-wise squared error on final scores: the baseline that ranking losses are compared with."""

import torch
from torch import Tensor

from modeling.config import AggregationName, LossSettings
from modeling.heads import Gaussian, Targets


def squared_error(
    scores: Gaussian, overall: Gaussian, targets: Targets, settings: LossSettings, share: Tensor
) -> list[tuple[str, Tensor]]:
    """Weighted mean squared errors of the aggregate and of each dimension.

    Scores are centred on the middle of the levels that occur (``Targets.counts`` has L columns).
    """
    middle = (targets.counts.shape[-1] + 1) / 2
    wanted = targets.scores - middle
    known = ~torch.isnan(wanted)
    rated = known.all(dim=1)
    error = torch.where(known, scores.mean - wanted.nan_to_num(), 0.0).square()
    total = _aggregate_target(wanted.nan_to_num(), settings.aggregation)
    overall_error = (overall.mean - total).square() * rated * share
    return [
        ("overall", settings.overall_weight * overall_error.sum() / rated.sum().clamp_min(1)),
        (
            "dimension",
            settings.dimension_weight
            * (error * share.unsqueeze(1)).sum()
            / known.sum().clamp_min(1),
        ),
    ]


def _aggregate_target(wanted: Tensor, name: AggregationName) -> Tensor:
    if name is AggregationName.MIN:
        return wanted.amin(dim=1)
    return wanted.sum(dim=1) if name is AggregationName.SUM else wanted.mean(dim=1)
