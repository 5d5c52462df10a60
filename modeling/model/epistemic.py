"""What the model does not know yet: a last-layer Laplace approximation, or ensemble spread.

Both give a *factor* A with covariance A Aᵀ over candidates, so that acquisition needs one code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class LastLayerLaplace:
    """Cholesky factors (D, F, F) of the covariance of each mean head's output weights.

    A single factor (1, F, F) is that of a head which all dimensions share.
    """

    cholesky: Tensor

    def factor(self, features: Tensor) -> Tensor:
        """Features (N, D, F) to factors (N, D, D * F); dimensions are independent blocks.

        Under a shared head they are not, and the factors are (N, D, F).
        """
        count, dimensions, width = features.shape
        if len(self.cholesky) == 1:
            return features @ self.cholesky[0]
        blocks = torch.einsum("ndf,dfg->ndg", features, self.cholesky)
        placed = features.new_zeros(count, dimensions, dimensions, width)
        index = torch.arange(dimensions, device=features.device)
        placed[:, index, index] = blocks
        return placed.reshape(count, dimensions, dimensions * width)


@dataclass(slots=True)
class LaplaceFit:
    """Accumulates the Hessian of the pair likelihood at the last layer, batch by batch.

    Without any pair the posterior is the prior: such a model is as unsure as can be.

    Args:
        dimensions: number of mean heads.
        width: size of their input features.
        precision: prior precision of the weights.
    """

    dimensions: int
    width: int
    precision: float = 1.0
    hessian: Tensor = field(init=False)

    def __post_init__(self) -> None:
        """Start from no pair."""
        self.hessian = torch.zeros(self.dimensions, self.width, self.width, dtype=torch.float64)

    def add(self, differences: Tensor, curvature: Tensor, dimension: Tensor) -> None:
        """Add P pairs: feature differences (P, D, F), d²NLL/dgap² (P,) and the dimension (P,)."""
        for index in range(self.dimensions):
            chosen = dimension == index
            rows = differences[chosen, index].double().cpu()
            weights = curvature[chosen].double().cpu().unsqueeze(1)
            self.hessian[index] += rows.T @ (weights * rows)

    def join(self, other: LaplaceFit) -> None:
        """Add what another process has accumulated of other pairs."""
        self.hessian += other.hessian

    def finish(self) -> LastLayerLaplace:
        """The posterior covariance's Cholesky factors, in fp32."""
        posterior = self.hessian + self.precision * torch.eye(self.width, dtype=torch.float64)
        return LastLayerLaplace(torch.linalg.cholesky(torch.linalg.inv(posterior)).float())


def ensemble_factor(means: Tensor) -> Tensor:
    """Member means (E, N, D) to factors (N, D, E); zero for a single member."""
    members = len(means)
    centred = means - means.mean(dim=0)
    return centred.permute(1, 2, 0) / math.sqrt(max(members - 1, 1))


def pair_curvature(gap: Tensor, variance: Tensor) -> Tensor:
    """Fisher information k² p (1 - p) of a pair about its gap, with k² = 1 / (1 + π σ² / 8).

    Source: MacKay 1992, "The evidence framework applied to classification networks".
    """
    shrink: Tensor = torch.reciprocal(1 + torch.pi * variance / 8)
    probability = torch.sigmoid(gap * shrink.sqrt())
    information: Tensor = shrink * probability * (1 - probability)
    return information
