"""What commands write: JSON results on standard output, progress on standard error."""

import json
import sys
from collections.abc import Mapping
from typing import Any, Self

from tqdm import tqdm


class ProgressBar:
    """A bar per phase; may be passed wherever a progress callback is expected.

    As a context manager it ends its line before an error is told on the next.
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


def write_json(value: Mapping[str, Any]) -> None:
    """One JSON object on one line."""
    sys.stdout.write(json.dumps(value, sort_keys=True) + "\n")
