"""Parsing the command line and reporting errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from safetensors import SafetensorError

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
        sys.stderr.write(
            "\nstopped; the same train or ablate command goes on from the last saved state\n"
        )
        return STOPPED
    except BrokenPipeError:  # the reader of our lines has gone, `head` for one
        sys.stderr.close()
        return STOPPED
    except SafetensorError as error:  # a full disk for one, which it does not tell as OSError
        sys.stderr.write(f"error: a safetensors file cannot be read or written: {error}\n")
        return 2
    except (ValueError, OSError, RuntimeError) as error:
        sys.stderr.write(f"error: {error}\n")
        return 2
    return 0
