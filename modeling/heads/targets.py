"""What predictions are compared with: pairs in order, and the ratings themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor

OVERALL_INDEX = -1


@dataclass(frozen=True, slots=True)
class Targets:
    """Labels of N candidates and their P ordered pairs, as tensors.

    A pair whose dimension is ``OVERALL_INDEX`` speaks for the aggregate. ``tied`` marks pairs
    without a winner; their order carries no meaning.
    """

    preferred: Tensor  # (P,) candidate positions
    other: Tensor  # (P,)
    dimension: Tensor  # (P,) dimension index or OVERALL_INDEX
    weight: Tensor  # (P,)
    tied: Tensor  # (P,) bool
    counts: Tensor  # (N, D, L) how often each level was given; all zero where unrated
    scores: Tensor  # (N, D) final scores in levels, NaN where missing

    def to(self, device: torch.device) -> Targets:
        """The same targets on another device."""
        return Targets(**{item.name: getattr(self, item.name).to(device) for item in fields(self)})

    @classmethod
    def join(cls, parts: Sequence[Targets]) -> Targets:
        """Concatenate the targets of several items, moving the candidate positions along."""
        sizes = torch.tensor([0] + [len(part.scores) for part in parts[:-1]])
        offsets = sizes.cumsum(dim=0).tolist()
        return cls(
            preferred=torch.cat([p.preferred + o for p, o in zip(parts, offsets, strict=True)]),
            other=torch.cat([p.other + o for p, o in zip(parts, offsets, strict=True)]),
            dimension=torch.cat([part.dimension for part in parts]),
            weight=torch.cat([part.weight for part in parts]),
            tied=torch.cat([part.tied for part in parts]),
            counts=torch.cat([part.counts for part in parts]),
            scores=torch.cat([part.scores for part in parts]),
        )
