"""The option that says where a model runs."""

from __future__ import annotations

import argparse

import torch

from modeling.scorer.device import find_device


def add_device(parser: argparse.ArgumentParser) -> None:
    """Add ``--device``; an unknown one, or a GPU that is not there, is a usage error."""
    default = "cuda" if torch.cuda.is_available() else "cpu"
    parser.add_argument("--device", type=_device, default=default, help=f"here: {default}")


def _device(name: str) -> str:
    try:
        find_device(name)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return name
