"""Finds the files that the rules speak of; used by every test beside it."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
ROOMS = ("annotation_app", "analytics", "imaging", "modeling", "workers", "simulation")
PROGRAMS = ("benchmarks", "script")


def python_files(*rooms: str) -> Iterator[Path]:
    """The hand-written Python files of these rooms, without migrations."""
    for room in rooms:
        for path in sorted((CHECKOUT / room).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def syntax_trees(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    """Each file's path inside the checkout with its syntax tree."""
    for path in python_files(*rooms):
        yield short(path), ast.parse(path.read_text())


def tracked_files() -> list[Path]:
    """The files in the repository; of an unpacked archive, every file but the made ones."""
    listing = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if listing.returncode == 0:
        names = [CHECKOUT / name for name in listing.stdout.split("\0") if name]
    else:
        made = {".venv", "var", "__pycache__", ".git"}
        names = [path for path in CHECKOUT.rglob("*") if not made & set(path.parts)]
    return [path for path in names if path.is_file()]


def short(path: Path) -> str:
    """The path as a reader would name it."""
    return str(path.relative_to(CHECKOUT))
