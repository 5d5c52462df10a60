"""A second checkout, in a folder of its own, whose private services a test may kill."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.architecture.source_tree import CHECKOUT

# The commands run with script/ on their path.
sys.path.insert(0, str(CHECKOUT / "script"))

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def second_checkout(tmp_path: Path) -> Path:
    """script/ copied to a path with a blank, sharing this checkout's packages."""
    folder = tmp_path / "second checkout"
    folder.mkdir()
    shutil.copytree(CHECKOUT / "script", folder / "script")
    (folder / ".venv").symlink_to(CHECKOUT / ".venv")
    return folder


@pytest.fixture
def services(second_checkout: Path) -> Iterator[Run]:
    """script/services of the second checkout; whatever runs at the end is stopped."""

    def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        return subprocess.run(
            [second_checkout / "script" / "services", *arguments],
            env={**kept, **variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    yield run
    run("stop")
    run("stop", "--instance", "test")
