"""Ranking losses: small pure modules from (gap, variance) of P pairs to P loss values.

``gap`` is the preferred candidate's mean minus the other's, ``variance`` the sum of both.
"""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from modeling.config import LossName, LossSettings
from modeling.likelihood import log_win_probability


class RankingLoss(nn.Module):
    """A loss for decided pairs; a tie counts as half a win for either side."""

    @override
    @abstractmethod
    def forward(self, gap: Tensor, variance: Tensor) -> Tensor:
        """Loss (P,) of pairs whose first candidate was preferred."""

    def tied(self, gap: Tensor, variance: Tensor) -> Tensor:
        """Loss (P,) of pairs judged equal."""
        loss: Tensor = (self(gap, variance) + self(-gap, variance)) / 2
        return loss


class IntegratedLogistic(RankingLoss):
    """-log E[sigmoid(z)]: the likelihood of a win with the uncertainty integrated out."""

    @override
    def forward(self, gap: Tensor, variance: Tensor) -> Tensor:
        return -log_win_probability(gap, variance)


class ThurstoneProbit(RankingLoss):
    """-log Φ(gap / sqrt(variance)): free of scale, which the anchor or the prior must fix."""

    @override
    def forward(self, gap: Tensor, variance: Tensor) -> Tensor:
        loss: Tensor = -torch.special.log_ndtr(gap.float() / variance.float().sqrt())
        return loss


class AsPublished(RankingLoss):
    """E[-log sigmoid(z)] by Monte Carlo, as the public trainers compute it.

    Its gradient in σ is positive for every pair (softplus is convex), so σ can only shrink;
    kept to reproduce published runs.
    """

    def __init__(self, *, samples: int) -> None:
        super().__init__()
        self.samples = samples

    @override
    def forward(self, gap: Tensor, variance: Tensor) -> Tensor:
        noise = torch.randn(self.samples, *gap.shape, device=gap.device)
        return functional.softplus(-(gap + variance.sqrt() * noise)).mean(dim=0)


class BradleyTerry(RankingLoss):
    """softplus(-gap); the predicted uncertainty plays no part."""

    @override
    def forward(self, gap: Tensor, variance: Tensor) -> Tensor:
        return functional.softplus(-gap)


class BradleyTerryTies(RankingLoss):
    """Bradley–Terry with ties (Rao and Kupper 1967): a tie is likely while |gap| < log k."""

    def __init__(self, *, factor: float) -> None:
        super().__init__()
        self.band = math.log(factor)
        self.log_tie = math.log(factor**2 - 1)

    @override
    def forward(self, gap: Tensor, variance: Tensor) -> Tensor:
        return functional.softplus(self.band - gap)

    @override
    def tied(self, gap: Tensor, variance: Tensor) -> Tensor:
        both = functional.softplus(self.band - gap) + functional.softplus(self.band + gap)
        return both - self.log_tie


_LOSSES: dict[LossName, Callable[[LossSettings], RankingLoss]] = {
    LossName.INTEGRATED: lambda _: IntegratedLogistic(),
    LossName.THURSTONE: lambda _: ThurstoneProbit(),
    LossName.AS_PUBLISHED: lambda settings: AsPublished(samples=settings.samples),
    LossName.BRADLEY_TERRY: lambda _: BradleyTerry(),
    LossName.BRADLEY_TERRY_TIES: lambda settings: BradleyTerryTies(factor=settings.tie_factor),
}


def build_ranking_loss(settings: LossSettings) -> RankingLoss | None:
    """The chosen ranking loss, or ``None`` for the point-wise squared error."""
    if settings.ranking is LossName.SQUARED_ERROR:
        return None
    return _LOSSES[settings.ranking](settings)
