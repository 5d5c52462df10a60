"""``python -m modeling ablate``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from modeling.cli.output import write_json
from modeling.cli.train import add_settings, read_config
from modeling.trainer.ablation import run_ablation, standard_variants, summarise


def register(commands: Any) -> None:  # noqa: ANN401  # argparse does not export its type
    """Add the command's parser."""
    parser = commands.add_parser("ablate", help="train one data set in several ways and compare")
    parser.add_argument("data", type=Path, help="training folder")
    parser.add_argument("output", type=Path, help="folder for the models")
    parser.add_argument("--axes", nargs="*", help="only these axes (loss, head, ties, …)")
    parser.add_argument("--seeds", type=int, default=3, help="repeats per variant")
    add_settings(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print one JSON line per variant: means and deviations over the seeds."""
    variants = standard_variants(read_config(arguments))
    known = {variant.axis for variant in variants}
    if unknown := sorted(set(arguments.axes or ()) - known):
        raise ValueError(f"unknown axes {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    chosen = [each for each in variants if not arguments.axes or each.axis in arguments.axes]
    outcomes = run_ablation(
        chosen, data=arguments.data, folder=arguments.output, seeds=range(arguments.seeds)
    )
    for row in summarise(outcomes):
        write_json(row)
