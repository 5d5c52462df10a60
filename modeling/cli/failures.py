"""How a command fails: its status, and one sentence for a user who is not a programmer."""

from __future__ import annotations

import errno
import os
import sys

from safetensors import SafetensorError

FAILED, STOPPED = 2, 130
FAILURES = (ValueError, OSError, RuntimeError, MemoryError, SafetensorError)
_RESUMED = ("train", "ablate")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_TORCH_WRITER = ("inline_container", "PytorchStreamWriter")  # it tells a place in its own code


def stop_text(command: str) -> str:
    """What to say once the user has interrupted a command."""
    if command in _RESUMED:
        return f"\nstopped; the same {command} command continues from the last saved state\n"
    return "\nstopped\n"


def explain(error: BaseException) -> str:
    """An error of :data:`FAILURES` as a line to print."""
    if isinstance(error, MemoryError):
        return "error: this machine has too little memory for that\n"
    if _is_full(error):
        return f"error: no room left to write to; free some, then give the command again: {error}\n"
    if isinstance(error, SafetensorError):
        return f"error: a safetensors file cannot be read or written: {error}\n"
    return f"error: {error}\n"


def _is_full(error: BaseException) -> bool:
    if isinstance(error, OSError):
        return error.errno in _FULL
    told = str(error)
    # Libraries give the system's error number in different wordings, or not at all.
    by_number = any(f"os error {number})" in told for number in _FULL)
    return by_number or any(name in told for name in _TORCH_WRITER)


def drop_unwritten() -> None:
    """Discard what standard output does not accept, so that it is not written again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        _drop_results()


def _drop_results() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
