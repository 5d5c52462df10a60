"""How a published checkpoint reads its images and joins its heads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

import torch
from torch import Tensor

from modeling.backbones.qwen.options import DtypeName
from modeling.backbones.qwen.positions import PositionLayout
from modeling.config import AggregationName
from modeling.heads import Gaussian, aggregate
from modeling.released.wording import RatingPrompt, default_prompts

PUBLISHED_PIXELS = 256 * 28 * 28  # both bounds: every image is brought to this area


class Pooling(StrEnum):
    """Whose formula makes the overall score."""

    AS_PUBLISHED = "as_published"  # element-wise on (μ, log σ), except the sum's σ
    PROPAGATED = "propagated"  # moments of the sum, mean or minimum of independent Gaussians


@dataclass(frozen=True, slots=True)
class ReleasedLayout:
    """Choices that a weight file does not carry; the defaults are the published configuration."""

    prompts: tuple[RatingPrompt, ...] = field(default_factory=default_prompts)
    system_prompt: str | None = None  # None: that of the architecture's chat template
    # The public code embeds the images itself and passes no ids on to the decoder, which then
    # numbers image tokens like text; MULTIMODAL is for checkpoints trained otherwise.
    positions: PositionLayout = PositionLayout.SEQUENTIAL
    min_pixels: int = PUBLISHED_PIXELS
    max_pixels: int = PUBLISHED_PIXELS
    aggregation: AggregationName = AggregationName.MEAN
    pooling: Pooling = Pooling.AS_PUBLISHED
    dtype: DtypeName = DtypeName.BFLOAT16
    attention: str = "sdpa"
    max_rows: int = 0  # prompts computed side by side; 0 lets the device decide


def pool(scores: Gaussian, layout: ReleasedLayout) -> Gaussian:
    """The overall Gaussian (n,) of the dimensions' Gaussians (n, D)."""
    if layout.pooling is Pooling.PROPAGATED:
        weights = [1.0] * scores.mean.shape[-1]
        return aggregate(scores, weights=weights, name=layout.aggregation)
    return _PUBLISHED[layout.aggregation](scores)


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
