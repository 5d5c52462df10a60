"""``python -m modeling score``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from modeling.backbones.qwen.options import DtypeName
from modeling.backbones.qwen.positions import PositionLayout
from modeling.cli.device import add_device
from modeling.cli.manifest import read_items
from modeling.cli.output import ProgressBar, write_json
from modeling.released import ReleasedLayout, ReleasedRewardModel, default_prompts, read_prompts
from modeling.released.loading import is_released
from modeling.scorer import RewardModel


def register(commands: Any) -> None:  # noqa: ANN401  # argparse does not export its type
    """Add the command's parser."""
    parser = commands.add_parser("score", help="score the candidates of a manifest")
    parser.add_argument(
        "model", type=Path, help="checkpoint folder, ours or a released EditReward one"
    )
    parser.add_argument("manifest", type=Path, help="manifest.jsonl or groups.jsonl")
    parser.add_argument("--batch-size", type=int, default=8, help="items encoded together")
    add_device(parser)
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
        default=PositionLayout.SEQUENTIAL,
        help="how image tokens are numbered; sequential is what the public code does",
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print one JSON line per candidate."""
    items = read_items(arguments.manifest)
    model = _open(arguments)
    progress = ProgressBar()
    results = model.score(items=items, batch_size=arguments.batch_size, progress=progress)
    progress.close()
    for item in results:
        for candidate in item.candidates:
            names = {"item_id": item.item_id, "candidate_id": candidate.candidate_id}
            write_json({**names, **candidate.values})


def _open(arguments: argparse.Namespace) -> RewardModel | ReleasedRewardModel:
    if not is_released(arguments.model):
        return RewardModel.from_pretrained(arguments.model, device=arguments.device)
    prompts = default_prompts() if arguments.prompts is None else read_prompts(arguments.prompts)
    layout = ReleasedLayout(prompts=prompts, dtype=arguments.dtype, positions=arguments.positions)
    return ReleasedRewardModel.from_pretrained(
        arguments.model, base=arguments.base, layout=layout, device=arguments.device
    )
