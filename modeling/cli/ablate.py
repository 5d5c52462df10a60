"""``python -m modeling ablate``."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from modeling.cli.output import ProgressBar, write_json
from modeling.cli.train import add_settings, read_config, read_file
from modeling.evaluation import to_plain
from modeling.trainer.ablation import BASE, Variant, run_ablation, standard_variants
from modeling.trainer.differences import summarise


def register(commands: Any) -> None:  # noqa: ANN401  # argparse does not export its type
    """Add the command's parser."""
    parser = commands.add_parser("ablate", help="train one data set in several ways and compare")
    parser.add_argument("data", type=Path, help="training folder")
    parser.add_argument("output", type=Path, help="folder for the models")
    parser.add_argument("--axes", nargs="*", help="only these (loss, head, ties, …) and the base")
    parser.add_argument("--seeds", type=int, default=3, help="repeats per variant")
    parser.add_argument(
        "--rivals", type=Path, nargs="*", default=[], help="configurations of other backbones"
    )
    add_settings(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print one JSON line per variant: means, deviations, and differences from the base."""
    variants = [*standard_variants(read_config(arguments)), *_rivals(arguments.rivals)]
    known = {variant.axis for variant in variants}
    if unknown := sorted(set(arguments.axes or ()) - known):
        raise ValueError(f"unknown axes {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    axes = {BASE[0], *(arguments.axes or known)}  # the base is what all others are compared with
    chosen = [each for each in variants if each.axis in axes]
    if arguments.seeds < 1:
        raise ValueError("--seeds must be at least 1")
    first = chosen[0].config.seed
    outcomes = []
    seeds = range(first, first + arguments.seeds)
    runs = run_ablation(chosen, data=arguments.data, folder=arguments.output, seeds=seeds)
    with ProgressBar() as progress:
        for outcome in runs:
            outcomes.append(outcome)
            progress(len(outcomes), len(chosen) * arguments.seeds, "models")
    for row in summarise(outcomes):
        write_json(to_plain(row))


def _rivals(files: Sequence[Path]) -> list[Variant]:
    """Other backbones, each a whole configuration; the file's stem is the row's name."""
    return [Variant("backbone", path.stem, read_file(path)) for path in files]
