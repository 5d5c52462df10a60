"""What commands write: JSON results on standard output, progress on standard error."""

import json
import logging
import os
import sys
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from typing import Any, Self

from tqdm import tqdm

_RESULTS, _ERRORS = 1, 2  # the system's numbers of the two streams


class ProgressBar:
    """A bar per phase; may be passed wherever a progress callback is expected.

    As a context manager it ends its line before an error is printed on the next.
    """

    def __init__(self) -> None:
        self.bar: tqdm[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, done: int, total: int, phase: str) -> None:
        """Show (done, total) of a phase, opening a new bar when the phase changes."""
        if self.bar is None or self.bar.desc != phase:
            self.close()
            self.bar = tqdm(total=total, file=sys.stderr)
            self.bar.desc = phase
        self.bar.update(done - self.bar.n)

    def close(self) -> None:
        """End the current bar's line."""
        if self.bar is not None:
            self.bar.close()


def quieten_libraries() -> None:
    """Leave out warnings that no user can act on."""
    logging.getLogger("transformers.trainer_utils").addFilter(_is_for_users)


def _is_for_users(record: logging.LogRecord) -> bool:
    # States that are saved within a second of each other; it sorts them by their names then.
    return "mtime may not be reliable" not in record.getMessage()


def open_closed_streams() -> None:
    """Connect a stream that the shell has closed (``>&-``) to the null device.

    Otherwise the first file that is opened would take its number, and receive what is printed.
    """
    while (spare := os.open(os.devnull, os.O_RDWR)) <= _ERRORS:
        pass
    os.close(spare)
    sys.stdout = sys.stdout or os.fdopen(_RESULTS, "w")
    sys.stderr = sys.stderr or os.fdopen(_ERRORS, "w")


def tell_notes(notes: Iterable[str]) -> None:
    """Say what had to be guessed, a line each."""
    for note in notes:
        sys.stderr.write(f"note: {note}\n")


def write_json(value: Mapping[str, Any]) -> None:
    """One JSON object on one line."""
    sys.stdout.write(json.dumps(value, sort_keys=True) + "\n")


def write_lines(values: Iterable[Mapping[str, Any]]) -> None:
    """JSON objects, a line each, out at once; on a terminal not into the line of a bar."""
    with tqdm.external_write_mode() if sys.stdout.isatty() else nullcontext():
        for value in values:
            write_json(value)
        sys.stdout.flush()
