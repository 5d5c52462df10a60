"""The point-wise anchor: how likely the given levels are under a candidate's Gaussian."""

from torch import Tensor

from modeling.likelihood import level_log_probabilities


def ordinal_loss(mean: Tensor, variance: Tensor, cutpoints: Tensor, counts: Tensor) -> Tensor:
    """Negative log-likelihood of level counts (N, D, L)."""
    return -(level_log_probabilities(mean, variance, cutpoints) * counts).sum()
