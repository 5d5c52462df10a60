"""Parsing the command line and reporting errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from modeling.cli import ablate, evaluate, score, train


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 2 where the input is at fault."""
    parser = argparse.ArgumentParser(prog="python -m modeling", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (train, evaluate, score, ablate):
        command.register(commands)
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except (ValueError, OSError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0
