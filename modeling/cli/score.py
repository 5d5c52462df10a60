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
        "paths",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="checkpoint folder (unless --model names it), then manifest.jsonl or groups.jsonl",
    )
    parser.add_argument(
        "--model", type=Path, help="checkpoint folder, ours or a released EditReward one"
    )
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
    folder, manifest = _paths(arguments)
    items = read_items(manifest)
    model = _open(folder, arguments)
    progress = ProgressBar()
    results = model.score(items=items, batch_size=arguments.batch_size, progress=progress)
    progress.close()
    for item in results:
        for candidate in item.candidates:
            names = {"item_id": item.item_id, "candidate_id": candidate.candidate_id}
            write_json({**names, **candidate.values})


def _paths(arguments: argparse.Namespace) -> tuple[Path, Path]:
    named = [] if arguments.model is None else [arguments.model]
    match [*named, *arguments.paths]:
        case [folder, manifest]:
            return folder, manifest
        case _:
            raise ValueError("score needs a checkpoint folder and one manifest")


def _open(folder: Path, arguments: argparse.Namespace) -> RewardModel | ReleasedRewardModel:
    if not is_released(folder):
        return RewardModel.from_pretrained(folder, device=arguments.device)
    prompts = default_prompts() if arguments.prompts is None else read_prompts(arguments.prompts)
    layout = ReleasedLayout(prompts=prompts, dtype=arguments.dtype, positions=arguments.positions)
    return ReleasedRewardModel.from_pretrained(
        folder, base=arguments.base, layout=layout, device=arguments.device
    )
