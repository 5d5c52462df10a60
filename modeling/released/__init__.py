"""Published EditReward checkpoints, scored through their own prompt layout; the cli calls it."""

from modeling.released.layout import Pooling, ReleasedLayout
from modeling.released.model import ReleasedRewardModel
from modeling.released.pictures import PictureReading
from modeling.released.wording import RatingPrompt, default_prompts, read_prompts

__all__ = [
    "PictureReading",
    "Pooling",
    "RatingPrompt",
    "ReleasedLayout",
    "ReleasedRewardModel",
    "default_prompts",
    "read_prompts",
]
