"""The reward network: a backbone, heads and the cut points of the ordinal scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from typing_extensions import override

from modeling.backbones import Backbone, PreparedGroup
from modeling.config import AggregationName, HeadName, RubricText
from modeling.heads import Gaussian, GaussianHeads, Predicted, aggregate

_STEP = 1.5  # initial distance of neighbouring cut points, in logits


class OrdinalCutpoints(nn.Module):
    """Ascending thresholds between the levels of each dimension, centred on 0 at the start."""

    def __init__(self, levels: Sequence[int]) -> None:
        super().__init__()
        widest = max(levels)
        first = torch.tensor([-_STEP * (count - 2) / 2 for count in levels])
        raw = torch.full((len(levels), widest - 2), _STEP).expm1().log()
        missing = torch.arange(widest - 2).unsqueeze(0) >= torch.tensor(levels).unsqueeze(1) - 2
        self.first = nn.Parameter(first)
        self.raw_steps = nn.Parameter(raw)
        self.register_buffer("missing", missing)

    @override
    def forward(self) -> Tensor:
        """(D, L - 1); ``inf`` behind a dimension's last threshold."""
        steps = functional.softplus(self.raw_steps.float())
        steps = steps.masked_fill(self.get_buffer("missing"), torch.inf)
        return torch.cat([self.first.unsqueeze(1).float(), steps], dim=1).cumsum(dim=1)


class RewardNetwork(nn.Module):
    """Items in, one Gaussian per (candidate, dimension) out."""

    def __init__(
        self,
        backbone: Backbone,
        *,
        rubric: RubricText,
        head: HeadName,
        head_hidden: tuple[int, ...],
        head_dropout: float = 0.0,
        ensemble: int = 1,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.rubric = rubric
        self.settings: dict[str, Any] = {
            "head": head.value,
            "head_hidden": list(head_hidden),
            "head_dropout": head_dropout,
            "ensemble": ensemble,
        }
        self.heads = GaussianHeads(
            inputs=backbone.hidden_size,
            hidden=head_hidden,
            dropout=head_dropout,
            dimensions=len(rubric.dimensions),
            members=ensemble,
            shared=head is HeadName.SHARED,
        )
        self.cutpoints = OrdinalCutpoints([len(item.levels) for item in rubric.dimensions])

    @override
    def forward(self, groups: Sequence[PreparedGroup], *, cached: bool = False) -> Predicted:
        """Encode whole items; candidates are in group order.

        ``cached`` takes the backbone's inference path: the same numbers without gradients.
        """
        states = self.backbone.score_hidden(groups) if cached else self.backbone(groups)
        scores, features = self.heads(states)
        return Predicted(scores, self.cutpoints(), features)

    def overall(self, scores: Gaussian, name: AggregationName) -> Gaussian:
        """The aggregate of the dimensions under the rubric's weights."""
        return aggregate(scores, weights=self.rubric.weights, name=name)
