"""Point-wise squared error on final scores: the baseline that ranking losses are compared with."""

from collections.abc import Sequence

import torch
from torch import Tensor

from modeling.config import AggregationName, LossSettings
from modeling.heads import Gaussian, Targets, aggregate


def squared_error(
    scores: Gaussian,
    targets: Targets,
    settings: LossSettings,
    *,
    weights: Sequence[float],
    share: Tensor,
) -> list[tuple[str, Tensor]]:
    """Weighted mean squared errors of the aggregate and of each dimension.

    Scores are centred on the middle of the levels that occur (``Targets.counts`` has L columns);
    the aggregate of the wanted scores follows the rubric's weights as the predicted one does.
    """
    wanted = targets.scores - (targets.counts.shape[-1] + 1) / 2
    known = ~torch.isnan(wanted)
    rated = known.all(dim=1)
    wanted = wanted.nan_to_num()
    error = torch.where(known, scores.mean - wanted, 0.0).square()
    found = _overall(scores.mean, weights, settings.aggregation)
    overall_error = (found - _overall(wanted, weights, settings.aggregation)).square()
    overall = (overall_error * rated * share).sum() / rated.sum().clamp_min(1)
    dimension = (error * share.unsqueeze(1)).sum() / known.sum().clamp_min(1)
    return [
        ("overall", settings.overall_weight * overall),
        ("dimension", settings.dimension_weight * dimension),
    ]


def _overall(values: Tensor, weights: Sequence[float], name: AggregationName) -> Tensor:
    """The aggregate of certain values; without spread, the minimum is the plain one."""
    if name is AggregationName.MIN:
        return values.amin(dim=1)
    return aggregate(Gaussian(values, torch.zeros_like(values)), weights=weights, name=name).mean
