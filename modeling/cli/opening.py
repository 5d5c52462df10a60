"""Opening a checkpoint folder, ours or a released EditReward one, and the options of the latter."""

from __future__ import annotations

import argparse
from pathlib import Path

from modeling.backbones.qwen.options import DtypeName
from modeling.backbones.qwen.positions import PositionLayout
from modeling.released import ReleasedLayout, ReleasedRewardModel, default_prompts, read_prompts
from modeling.released.pictures import PictureReading
from modeling.released.weights import is_released
from modeling.scorer import RewardModel


def add_released(parser: argparse.ArgumentParser) -> None:
    """Add what a released checkpoint's folder does not say of itself."""
    released = parser.add_argument_group("released EditReward checkpoints")
    released.add_argument("--base", help="folder or hub name of the base model, if needed")
    released.add_argument("--prompts", type=Path, help="folder with if.txt and vq.txt")
    released.add_argument(
        "--dtype", type=DtypeName, choices=list(DtypeName), default=DtypeName.BFLOAT16
    )
    released.add_argument(
        "--positions",
        type=PositionLayout,
        choices=list(PositionLayout),
        help="how image tokens are numbered; by default as the public code of the family does",
    )
    released.add_argument(
        "--pictures",
        type=PictureReading,
        choices=list(PictureReading),
        default=PictureReading.PUBLISHED,
        help="turned, transparent, deep and profiled pictures as the public code reads them, or "
        "as annotators see them",
    )


def open_model(folder: Path, arguments: argparse.Namespace) -> RewardModel | ReleasedRewardModel:
    """The model of a folder, whichever kind it is."""
    if not is_released(folder):
        return RewardModel.from_pretrained(folder, device=arguments.device)
    prompts = default_prompts() if arguments.prompts is None else read_prompts(arguments.prompts)
    layout = ReleasedLayout(
        prompts=prompts,
        dtype=arguments.dtype,
        positions=arguments.positions,
        pictures=arguments.pictures,
    )
    return ReleasedRewardModel.from_pretrained(
        folder, base=arguments.base, layout=layout, device=arguments.device
    )


def read_as(model: RewardModel | ReleasedRewardModel) -> dict[str, dict[str, str]]:
    """A result's note on how a released checkpoint was read; empty for a model of ours."""
    return {"read_as": model.read_as} if isinstance(model, ReleasedRewardModel) else {}
