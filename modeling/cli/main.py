"""Parsing the command line and reporting errors in one line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from modeling.cli import ablate, evaluate, score, train
from modeling.cli.failures import FAILED, FAILURES, STOPPED, drop_unwritten, explain, stop_text
from modeling.cli.output import quieten_libraries
from modeling.cli.processes import Tell, run_processes

_ABOUT = "Train, judge and use reward models of image edits."


def build_parser() -> argparse.ArgumentParser:
    """The parser of every command."""
    parser = argparse.ArgumentParser(prog="python -m modeling", description=_ABOUT)
    commands = parser.add_subparsers(dest="command", required=True)
    parser.set_defaults(processes=1)
    for command in (train, evaluate, score, ablate):
        command.register(commands)
    return parser


def main(arguments: Sequence[str] | None = None, *, fresh: bool = False) -> int:
    """Run one command; 0 on success, 2 if input or machine is at fault, 130 when stopped.

    ``fresh`` means that this process has not done any other work, so that it may be forked.
    """
    chosen = build_parser().parse_args(arguments)
    run = partial(_run, chosen)
    if chosen.processes == 1:
        return run(sys.stderr.write)
    try:
        return run_processes(chosen.processes, run, fork=fresh)
    except KeyboardInterrupt:
        sys.stderr.write(stop_text(chosen.command))
        return STOPPED


def _run(chosen: argparse.Namespace, tell: Tell) -> int:
    quieten_libraries()
    try:
        chosen.run(chosen)
        sys.stdout.flush()  # output that cannot be written is reported here, with a status
    except KeyboardInterrupt:
        tell(stop_text(chosen.command))
        return STOPPED
    except BrokenPipeError:  # the reader of our lines has gone, `head` for one
        drop_unwritten()
        return STOPPED
    except FAILURES as error:
        tell(explain(error))
        drop_unwritten()
        return FAILED
    return 0
