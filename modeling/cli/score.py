"""``python -m modeling score``."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from modeling.cli.device import add_device
from modeling.cli.manifest import read_items
from modeling.cli.opening import add_released, open_model, read_as
from modeling.cli.output import ProgressBar, write_lines
from modeling.scorer import ItemScores


def register(commands: Any) -> None:  # noqa: ANN401  # argparse does not export its type
    """Add the command's parser."""
    parser = commands.add_parser("score", help="score the candidates of a manifest")
    parser.add_argument(
        "paths",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="checkpoint folder (unless --model names it), then the items: a .jsonl, .json, .csv, "
        ".tsv or .parquet table, a folder or .zip with a manifest, or a folder of Parquet files",
    )
    parser.add_argument(
        "--model", type=Path, help="checkpoint folder, ours or a released EditReward one"
    )
    parser.add_argument("--batch-size", type=int, default=8, help="items encoded together")
    add_device(parser)
    add_released(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print one JSON line per candidate, those of a batch once it is scored."""
    folder, manifest = _paths(arguments)
    items = read_items(manifest)
    model = open_model(folder, arguments)
    told = read_as(model)
    with ProgressBar() as progress:
        for batch in model.score_batches(
            items=items, batch_size=arguments.batch_size, progress=progress
        ):
            write_lines(line for item in batch for line in _lines(item, told))


def _lines(item: ItemScores, told: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for candidate in item.candidates:
        names = {"item_id": item.item_id, "candidate_id": candidate.candidate_id}
        yield {**names, **candidate.values, **told}


def _paths(arguments: argparse.Namespace) -> tuple[Path, Path]:
    named = [] if arguments.model is None else [arguments.model]
    match [*named, *arguments.paths]:
        case [folder, manifest]:
            return folder, manifest
        case _:
            raise ValueError("score needs a checkpoint folder and one manifest")
