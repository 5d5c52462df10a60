"""Published EditReward checkpoints, scored through their own prompt layout; the cli calls it."""

from modeling.released.layout import Pooling, ReleasedLayout
from modeling.released.model import ReleasedRewardModel
from modeling.released.wording import RatingPrompt, default_prompts, read_prompts

__all__ = [
    "Pooling",
    "RatingPrompt",
    "ReleasedLayout",
    "ReleasedRewardModel",
    "default_prompts",
    "read_prompts",
]
