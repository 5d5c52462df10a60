"""How a published checkpoint reads its images and joins its heads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import torch
from torch import Tensor

from modeling.backbones.qwen.options import DtypeName
from modeling.backbones.qwen.positions import PositionLayout
from modeling.config import AggregationName, BackboneName
from modeling.heads import Gaussian, aggregate
from modeling.released.pictures import PictureReading
from modeling.released.wording import RatingPrompt, default_prompts

# The public Qwen2.5-VL code embeds the images itself and passes no ids on to the decoder, which
# then numbers image tokens like text; the one for Qwen3-VL leaves both to transformers.
PUBLISHED_POSITIONS = {
    BackboneName.QWEN2_5_VL: PositionLayout.SEQUENTIAL,
    BackboneName.QWEN3_VL: PositionLayout.MULTIMODAL,
}


class Pooling(StrEnum):
    """Whose formula makes the overall score."""

    AS_PUBLISHED = "as_published"  # element-wise on (μ, log σ), except the sum's σ
    PROPAGATED = "propagated"  # moments of the sum, mean or minimum of independent Gaussians


@dataclass(frozen=True, slots=True)
class ReleasedLayout:
    """Choices that a weight file does not carry; None means the public code's choice."""

    prompts: tuple[RatingPrompt, ...] = field(default_factory=default_prompts)
    system_prompt: str | None = None  # None: as the chat template that the folder ships has it
    positions: PositionLayout | None = None  # None: PUBLISHED_POSITIONS
    min_pixels: int | None = None  # both or neither; None: see ``modeling.released.fitting``
    max_pixels: int | None = None
    pictures: PictureReading = PictureReading.PUBLISHED
    aggregation: AggregationName = AggregationName.MEAN
    pooling: Pooling = Pooling.AS_PUBLISHED
    dtype: DtypeName = DtypeName.BFLOAT16
    attention: str = "sdpa"
    max_rows: int = 0  # prompts computed side by side; 0 lets the device decide

    def __post_init__(self) -> None:
        """Refuse one bound of a pixel budget without the other."""
        if (self.min_pixels is None) != (self.max_pixels is None):
            raise ValueError("min_pixels and max_pixels must be given together")


def position_layout(layout: ReleasedLayout, family: BackboneName) -> PositionLayout:
    """How image tokens are numbered: as asked for, else as the family's public code does it."""
    return PUBLISHED_POSITIONS[family] if layout.positions is None else layout.positions


def pool(scores: Gaussian, layout: ReleasedLayout, *, shared: bool = False) -> Gaussian:
    """The overall Gaussian (n,) of the dimensions' Gaussians (n, D).

    ``shared`` means one head for all prompts: its public code knows no sum and takes the mean.
    """
    if layout.pooling is Pooling.PROPAGATED:
        weights = [1.0] * scores.mean.shape[-1]
        return aggregate(scores, weights=weights, name=layout.aggregation)
    without_sum = shared and layout.aggregation is AggregationName.SUM
    return _PUBLISHED[AggregationName.MEAN if without_sum else layout.aggregation](scores)


def _mean(scores: Gaussian) -> Gaussian:
    return Gaussian(scores.mean.mean(dim=-1), scores.std.log().mean(dim=-1).exp())


def _min(scores: Gaussian) -> Gaussian:
    return Gaussian(scores.mean.amin(dim=-1), scores.std.amin(dim=-1))


def _sum(scores: Gaussian) -> Gaussian:
    return Gaussian(scores.mean.sum(dim=-1), scores.variance.sum(dim=-1).sqrt())


def head_gaussian(outputs: Tensor) -> Gaussian:
    """Means and deviations (n, D) from the heads' (μ, log σ) outputs (n, D, 2)."""
    mean, log_std = outputs.unbind(dim=-1)
    return Gaussian(mean, torch.exp(log_std))


_PUBLISHED: dict[AggregationName, Callable[[Gaussian], Gaussian]] = {
    AggregationName.MEAN: _mean,
    AggregationName.MIN: _min,
    AggregationName.SUM: _sum,
}
