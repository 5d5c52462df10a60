"""Ends of processes that were not killed: the log's line on each, and what led to it."""

from collections.abc import Sequence
from dataclasses import dataclass

BEFORE = 15  # lines that a process said before its end
SUPERVISOR = "supervisor"
AGAIN = "; starting it again in "
KILLED = "was ended by SIGKILL"


@dataclass(frozen=True)
class OwnEnd:
    """One such end: the process, the supervisor's message, and the process's last lines."""

    name: str
    how: str
    said: tuple[str, ...]


def own_ends(log: str, names: Sequence[str]) -> list[OwnEnd]:
    """Every end of these processes that was not a kill, in order."""
    found: list[OwnEnd] = []
    said: dict[str, list[str]] = {name: [] for name in names}
    for line in log.splitlines():
        speaker, _, text = line.partition(" | ")
        who = speaker.split()[-1] if speaker.split() else ""
        if who in said:
            said[who].append(text)
            continue
        if who != SUPERVISOR or AGAIN not in text:
            continue
        name = text.split()[0]
        if name in said and KILLED not in text:
            found.append(OwnEnd(name, text, tuple(said[name][-BEFORE:])))
    return found
