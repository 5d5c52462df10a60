"""Parsing the command line and reporting errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from modeling.cli import ablate, evaluate, score, train

STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 on success, 2 where input or machine is at fault, 130 when stopped."""
    parser = argparse.ArgumentParser(prog="python -m modeling", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for command in (train, evaluate, score, ablate):
        command.register(commands)
    chosen = parser.parse_args(arguments)
    try:
        chosen.run(chosen)
    except KeyboardInterrupt:
        sys.stderr.write("\nstopped; the same train command goes on from the last saved state\n")
        return STOPPED
    except BrokenPipeError:  # the reader of our lines has gone, `head` for one
        sys.stderr.close()
        return STOPPED
    except (ValueError, OSError, RuntimeError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0
