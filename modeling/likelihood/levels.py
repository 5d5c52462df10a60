"""How likely the levels of a rubric are under a candidate's Gaussian."""

import torch
from torch import Tensor

from modeling.likelihood.mixture import log_win_probability

_LOG_FLOOR = 1e-6


def level_log_probabilities(mean: Tensor, variance: Tensor, cutpoints: Tensor) -> Tensor:
    """Log P(level) of a cumulative-logit model with the Gaussian integrated out.

    Args:
        mean: (..., D) latent means.
        variance: (..., D) latent variances.
        cutpoints: (D, L - 1), ascending; ``inf`` where a dimension has fewer levels.

    Returns:
        (..., D, L) log probabilities. The lowest and the highest level's have no floor, so that
        a mean far outside still learns; the others' is log 1e-6.
    """
    gap = cutpoints - mean.unsqueeze(-1)
    finite = torch.isfinite(gap)
    spread = variance.unsqueeze(-1).expand_as(gap)
    gap = torch.where(finite, gap, 0.0)
    at_most = log_win_probability(gap, spread)
    below = torch.where(finite, at_most.exp(), 1.0)
    ends = below.new_zeros(below.shape[:-1]).unsqueeze(-1)
    cumulative = torch.cat([ends, below, ends + 1], dim=-1)
    levels = cumulative.diff(dim=-1).clamp_min(_LOG_FLOOR).log()
    above = torch.cat([ends, log_win_probability(-gap, spread)], dim=-1)
    places = torch.arange(levels.shape[-1], device=levels.device)
    highest = places == torch.isfinite(cutpoints).sum(dim=-1, keepdim=True)
    levels = torch.where(highest, above, levels)
    return torch.cat([at_most[..., :1], levels[..., 1:]], dim=-1)


def disagreement_chance(mean: Tensor, variance: Tensor, cutpoints: Tensor) -> Tensor:
    """Chance (..., D) that two raters give different levels, 1 - Σ P(level)².

    Unlike the variance alone it knows how far the next cut point is.
    """
    return 1 - level_log_probabilities(mean, variance, cutpoints).exp().square().sum(dim=-1)
