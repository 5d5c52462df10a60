"""Heads that predict a mean and a standard deviation per candidate and dimension, in fp32."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

MIN_LOG_STD, MAX_LOG_STD = -4.0, 3.0
_FLOOR = 1e-3


@dataclass(frozen=True, slots=True)
class Gaussian:
    """Means and standard deviations of one shape, in logits of the preference scale."""

    mean: Tensor
    std: Tensor

    @property
    def variance(self) -> Tensor:
        """The squared standard deviations."""
        return self.std.square()


@dataclass(frozen=True, slots=True)
class Predicted:
    """A network's output for N candidates and D dimensions, from E ensemble members."""

    scores: Gaussian  # (E, N, D)
    cutpoints: Tensor  # (D, L - 1), inf where a dimension has fewer levels
    features: Tensor  # (N, D, width): the first member's last hidden layer


class GaussianHead(nn.Module):
    """An MLP with two outputs; ``features`` are its last hidden layer."""

    def __init__(self, *, inputs: int, hidden: tuple[int, ...], dropout: float) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in zip((inputs, *hidden), hidden, strict=False):
            layers += [nn.Linear(before, after), nn.SiLU(), nn.Dropout(dropout)]
        self.trunk = nn.Sequential(*layers)
        self.output = nn.Linear(hidden[-1] if hidden else inputs, 2)

    @override
    def forward(self, states: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(N, inputs) to mean (N,), std (N,) and features (N, width)."""
        features = self.trunk(states)
        mean, raw = self.output(features).unbind(dim=-1)
        log_std = torch.log(functional.softplus(raw) + _FLOOR).clamp(MIN_LOG_STD, MAX_LOG_STD)
        return mean, log_std.exp(), features


class GaussianHeads(nn.Module):
    """An ensemble of E sets of heads over D dimensions; ``shared`` keeps one head per set."""

    def __init__(
        self,
        *,
        inputs: int,
        hidden: tuple[int, ...],
        dropout: float,
        dimensions: int,
        members: int = 1,
        shared: bool = False,
    ) -> None:
        super().__init__()
        self.dimensions = dimensions
        self.shared = shared
        self.width = hidden[-1] if hidden else inputs  # of the features
        self.members = nn.ModuleList(
            nn.ModuleList(
                GaussianHead(inputs=inputs, hidden=hidden, dropout=dropout)
                for _ in range(1 if shared else dimensions)
            )
            for _ in range(members)
        )

    @override
    def forward(self, states: Tensor) -> tuple[Gaussian, Tensor]:
        """(N, D, inputs) to Gaussians (E, N, D) and the first member's features (N, D, width)."""
        with torch.autocast(states.device.type, enabled=False):
            states = states.float()
            outputs = [self._member(heads, states) for heads in self.members]
        means, stds, features = zip(*outputs, strict=True)
        return Gaussian(torch.stack(means), torch.stack(stds)), features[0]

    def _member(self, heads: nn.Module, states: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        layers = list(heads.children()) * (self.dimensions if self.shared else 1)
        columns = [layer(states[:, index]) for index, layer in enumerate(layers)]
        means, stds, features = zip(*columns, strict=True)
        return torch.stack(means, dim=1), torch.stack(stds, dim=1), torch.stack(features, dim=1)
