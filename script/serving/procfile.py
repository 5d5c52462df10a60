"""Reads script/Procfile: which processes serve the site."""

import re
from pathlib import Path

LINE = re.compile(r"^([A-Za-z0-9_-]+):\s*(.+)$")


def read_procfile(path: Path) -> dict[str, str]:
    """The shell command of each process by its name, in the file's order.

    Raises:
        ValueError: a line is neither blank, a comment nor `name: command`, or a name comes twice.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = LINE.match(line)
        if match is None or match[1] in found:
            reason = "is not `name: command`" if match is None else f"names {match[1]} again"
            message = f"{path}, line {number} {reason}: correct it"
            raise ValueError(message)
        found[match[1]] = match[2]
    return found
