"""``python -m modeling train``."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from torch import distributed

from modeling.cli.output import ProgressBar, write_json
from modeling.config import BackboneName, LossName, TrainConfig
from modeling.trainer import train
from modeling.trainer.parallel import is_first_process


def register(commands: Any) -> None:  # noqa: ANN401  # argparse does not export its type
    """Add the command's parser."""
    parser = commands.add_parser("train", help="train a reward model on a training folder")
    parser.add_argument("data", type=Path, help="folder with groups.jsonl and rubric.json")
    parser.add_argument("output", type=Path, help="checkpoint folder to create")
    parser.add_argument(
        "--processes",
        type=_count,
        default=1,
        help="train in so many processes of this machine, each with its own items of a batch; "
        "several machines need torchrun",
    )
    add_settings(parser)
    parser.set_defaults(run=run)


def add_settings(parser: argparse.ArgumentParser) -> None:
    """The options that choose a :class:`TrainConfig`."""
    parser.add_argument("--config", type=Path, help="JSON file with fields of TrainConfig")
    parser.add_argument("--backbone", type=BackboneName, choices=list(BackboneName))
    parser.add_argument("--model", help="local folder or hub name of a pretrained backbone")
    parser.add_argument("--loss", type=LossName, choices=list(LossName))
    parser.add_argument("--epochs", type=float, help="also instead of the file's max_steps")
    parser.add_argument("--seed", type=int)


def run(arguments: argparse.Namespace) -> None:
    """Train, then print the model's path and its held-out figures."""
    config = read_config(arguments)
    with ProgressBar() as progress:
        result = train(config, data=arguments.data, output=arguments.output, progress=progress)
    if not is_first_process():
        return
    write_json(
        {
            "checkpoint": str(result.checkpoint),
            "steps": result.steps,
            "dataset_sha256": result.dataset_sha256,
            "metrics": result.metrics,
        }
    )


def _count(text: str) -> int:
    count = int(text)
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of processes")
    if count > 1 and distributed.is_torchelastic_launched():
        raise argparse.ArgumentTypeError("torchrun has started several already; leave it out")
    return count


def read_config(arguments: argparse.Namespace) -> TrainConfig:
    """The file's settings with the command line's laid over them."""
    config = TrainConfig() if arguments.config is None else read_file(arguments.config)
    named = {key: getattr(arguments, key) for key in ("backbone", "epochs", "seed")}
    if arguments.epochs is not None:
        named["max_steps"] = TrainConfig().max_steps  # the file's would override the epochs
    config = replace(config, **{key: value for key, value in named.items() if value is not None})
    if arguments.model is not None:
        options = {**config.backbone_options, "model": arguments.model}
        config = replace(config, backbone_options=options)
    if arguments.loss is not None:
        config = replace(config, loss=replace(config.loss, ranking=arguments.loss))
    return config


def read_file(path: Path) -> TrainConfig:
    """The settings of a JSON file; ``ValueError`` names a file that is invalid."""
    try:
        return TrainConfig.from_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: {error}") from error
