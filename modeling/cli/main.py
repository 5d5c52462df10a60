"""Parsing the command line and reporting errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from safetensors import SafetensorError

from modeling.cli import ablate, evaluate, score, train
from modeling.cli.processes import Tell, run_processes

STOPPED = 130
_STOPPED_TEXT = "\nstopped; the same train or ablate command goes on from the last saved state\n"


def main(arguments: Sequence[str] | None = None, *, fresh: bool = False) -> int:
    """Run one command; 0 on success, 2 where input or machine is at fault, 130 when stopped.

    ``fresh`` tells that this process has done nothing else, so that it may be copied.
    """
    parser = argparse.ArgumentParser(prog="python -m modeling", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    parser.set_defaults(processes=1)
    for command in (train, evaluate, score, ablate):
        command.register(commands)
    chosen = parser.parse_args(arguments)
    run = partial(_run, chosen)
    if chosen.processes == 1:
        return run(sys.stderr.write)
    try:
        return run_processes(chosen.processes, run, fork=fresh)
    except KeyboardInterrupt:
        sys.stderr.write(_STOPPED_TEXT)
        return STOPPED


def _run(chosen: argparse.Namespace, tell: Tell) -> int:
    try:
        chosen.run(chosen)
        sys.stdout.flush()  # what cannot be written is told here, with a status
    except KeyboardInterrupt:
        tell(_STOPPED_TEXT)
        return STOPPED
    except BrokenPipeError:  # the reader of our lines has gone, `head` for one
        sys.stderr.close()
        return STOPPED
    except SafetensorError as error:  # a full disk for one, which it does not tell as OSError
        tell(f"error: a safetensors file cannot be read or written: {error}\n")
        return 2
    except (ValueError, OSError, RuntimeError) as error:
        tell(f"error: {error}\n")
        return 2
    return 0
