"""The overall Gaussian from the dimensions' Gaussians, with the variance propagated.

Dimensions are taken as independent given the candidate.
"""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from modeling.config import AggregationName
from modeling.heads.gaussian import Gaussian

_TINY = 1e-12


def aggregate(scores: Gaussian, *, weights: Sequence[float], name: AggregationName) -> Gaussian:
    """Gaussians (..., D) to their overall Gaussian (...)."""
    if len(weights) != scores.mean.shape[-1]:
        raise ValueError(f"{len(weights)} weights for {scores.mean.shape[-1]} dimensions")
    scale = torch.tensor(weights, dtype=scores.mean.dtype, device=scores.mean.device)
    return _AGGREGATES[name](scores, scale)


def _sum(scores: Gaussian, weights: Tensor) -> Gaussian:
    variance = (weights.square() * scores.variance).sum(dim=-1)
    return Gaussian((weights * scores.mean).sum(dim=-1), variance.sqrt())


def _mean(scores: Gaussian, weights: Tensor) -> Gaussian:
    return _sum(scores, weights / weights.sum())


def _min(scores: Gaussian, _: Tensor) -> Gaussian:
    """Moments of the minimum, folded from left to right (Clark 1961); weights do not apply."""
    mean, variance = scores.mean[..., 0], scores.variance[..., 0]
    for index in range(1, scores.mean.shape[-1]):
        other = Gaussian(scores.mean[..., index], scores.std[..., index])
        mean, variance = _min_of_two(mean, variance, other)
    return Gaussian(mean, variance.clamp_min(_TINY).sqrt())


def _min_of_two(mean: Tensor, variance: Tensor, other: Gaussian) -> tuple[Tensor, Tensor]:
    """First two central moments of min(X, Y) for independent normals X and Y."""
    # Measured from the lower mean: squares of large means would cancel in single precision.
    lowest = torch.minimum(mean, other.mean).detach()
    one, two = mean - lowest, other.mean - lowest
    spread = (variance + other.variance).sqrt()
    gap = (one - two) / spread
    below, above = torch.special.ndtr(-gap), torch.special.ndtr(gap)
    density = torch.exp(-0.5 * gap.square()) / math.sqrt(2 * math.pi)
    first = one * below + two * above - spread * density
    second = (
        (one.square() + variance) * below
        + (two.square() + other.variance) * above
        - (one + two) * spread * density
    )
    return lowest + first, (second - first.square()).clamp_min(_TINY)


_AGGREGATES: dict[AggregationName, Callable[[Gaussian, Tensor], Gaussian]] = {
    AggregationName.MEAN: _mean,
    AggregationName.MIN: _min,
    AggregationName.SUM: _sum,
}
