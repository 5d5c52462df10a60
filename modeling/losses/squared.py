"""Point-wise squared error on final scores: the baseline that ranking losses are compared with."""

from collections.abc import Sequence

import torch
from torch import Tensor

from modeling.config import AggregationName, RubricText
from modeling.heads import Gaussian, Targets, aggregate


def squared_errors(
    scores: Gaussian,
    targets: Targets,
    aggregation: AggregationName,
    *,
    rubric: RubricText,
    share: Tensor,
) -> tuple[Tensor, Tensor]:
    """Sums of squared errors: of the aggregate, where all scores are known, and of each score.

    Scores are centred on the middle of their dimension's levels; the aggregate of the wanted
    scores follows the rubric's weights as the predicted one does.
    """
    middles = [dimension.middle for dimension in rubric.dimensions]
    wanted = targets.scores - targets.scores.new_tensor(middles)
    known = ~torch.isnan(wanted)
    rated = known.all(dim=1)
    wanted = wanted.nan_to_num()
    error = torch.where(known, scores.mean - wanted, 0.0).square()
    found = _overall(scores.mean, rubric.weights, aggregation)
    overall = (found - _overall(wanted, rubric.weights, aggregation)).square()
    return (overall * rated * share).sum(), (error * share.unsqueeze(1)).sum()


def _overall(values: Tensor, weights: Sequence[float], name: AggregationName) -> Tensor:
    """The aggregate of certain values; without spread, the minimum is the plain one."""
    if name is AggregationName.MIN:
        return values.amin(dim=1)
    return aggregate(Gaussian(values, torch.zeros_like(values)), weights=weights, name=name).mean
