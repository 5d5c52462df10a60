"""Runs one study: `python -m benchmarks NAME [--quick] [--option value …]`.

Progress goes to stderr; the last line of stdout is one JSON object with `figures` and `targets`.
"""

import contextlib
import importlib
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from benchmarks.machine import describe_machine
from benchmarks.targets import Study, StudyRefusedError

HERE = Path(__file__).parent
USAGE = "usage: script/bench NAME [--quick] [--option value …]"


class UsageError(Exception):
    """The command line is not one the runner understands."""


def main(arguments: Sequence[str]) -> int:
    """Runs the named study and prints its JSON line; 2 with the list of names on a wrong one."""
    try:
        name, quick, options = parse(arguments)
    except UsageError as error:
        print(f"{error}\n{USAGE}\nstudies: {' '.join(study_names())}", file=sys.stderr)
        return 2
    # What a study prints is progress: the last line of stdout stays the runner's.
    try:
        with contextlib.redirect_stdout(sys.stderr):
            report = run(name, quick=quick, options=options)
    except StudyRefusedError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(json.dumps(report, allow_nan=False, default=str))
    return 0


def run(name: str, *, quick: bool, options: Mapping[str, str]) -> dict[str, object]:
    """Runs a study and adds what it was measured on and how long it took."""
    machine = describe_machine()
    study = cast("Study", importlib.import_module(f"benchmarks.{name}").study)
    began = time.perf_counter()
    result = study(quick=quick, options=options)
    for target in result["targets"]:
        mark = "met" if target["met"] else "MISSED"
        print(f"{mark:7} {target['name']}: {target['value']} (target {target['target']})")
    return {
        "study": name,
        "quick": quick,
        "options": dict(options),
        "figures": result["figures"],
        "targets": result["targets"],
        "seconds": round(time.perf_counter() - began, 2),
        "machine": machine,
    }


def parse(arguments: Sequence[str]) -> tuple[str, bool, dict[str, str]]:
    """Reads the name, `--quick` and `--option value` or `--option=value` pairs.

    Raises:
        UsageError: no or an unknown study, or an option without a value.
    """
    if not arguments:
        message = "which study?"
        raise UsageError(message)
    name = arguments[0].replace("-", "_")
    if name not in study_names():
        message = f"there is no study called {arguments[0]}"
        raise UsageError(message)
    rest = [word for word in arguments[1:] if word != "--quick"]
    return name, "--quick" in arguments, _options(rest)


def study_names() -> list[str]:
    """Every module here that defines `study`, found without importing it."""
    paths = sorted(HERE.glob("*.py"))
    return [path.stem for path in paths if "\ndef study(" in path.read_text()]


def _options(words: Sequence[str]) -> dict[str, str]:
    options = {}
    remaining = list(words)
    while remaining:
        key, equals, value = remaining.pop(0).partition("=")
        if not key.startswith("--") or not (equals or remaining):
            message = f"what is {key}? Options are written --option value"
            raise UsageError(message)
        options[key.removeprefix("--").replace("-", "_")] = value if equals else remaining.pop(0)
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
