import os
import re
import subprocess

import pytest

from tests.architecture.source_tree import CHECKOUT, tracked_files

# What bash 3.2, the one of macOS, does not know.
NEWER_BASH = re.compile(r"declare -A|local -A|mapfile|readarray|\$\{\w+(,,|\^\^)|\|&|&>>|wait -n")
COMMANDS = ("setup", "test", "demo", "bench", "services", "manage")


def shell_files():
    tracked = [path for path in tracked_files() if path.parent.name in {"script", ".ci"}]
    return [path for path in tracked if path.suffix == ".sh" or is_bash(path)]


def is_bash(path):
    return path.suffix == "" and path.read_bytes().startswith(b"#!/usr/bin/env bash")


@pytest.mark.parametrize("name", [*(f"script/{name}" for name in COMMANDS), ".ci/run"])
def test_commands_can_be_run(name):
    path = CHECKOUT / name
    assert is_bash(path)
    assert os.access(path, os.X_OK)


def test_every_shell_file_parses():
    for path in shell_files():
        result = subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=False)
        assert (path.name, result.returncode, result.stderr) == (path.name, 0, "")


def test_no_shell_file_needs_a_bash_newer_than_that_of_macos():
    assert [path.name for path in shell_files() if NEWER_BASH.search(path.read_text())] == []


def test_ci_runs_script_test_and_nothing_else():
    lines = (CHECKOUT / ".ci" / "run").read_text().splitlines()
    commands = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert commands == ["exec script/test"]


def test_idle_connections_outlive_every_pause_of_pages_and_of_the_proxy():
    ways = [CHECKOUT / "script" / "Procfile", CHECKOUT / "script" / "docker" / "web"]
    kept = [int(re.search(r"--keep-alive (\d+)", path.read_text())[1]) for path in ways]
    module = (CHECKOUT / "annotation_app/static/editjury/rating/prefetch.js").read_text()
    pause = int(re.search(r"const HEARTBEAT = ([\d_]+)", module)[1]) / 1000  # the longest of a page
    proxy = 120  # seconds that Caddy keeps an idle connection to what it stands before
    assert min(kept) > max(pause, proxy)
