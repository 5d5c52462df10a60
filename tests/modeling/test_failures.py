"""How commands end when they cannot do what was asked: a status and one sentence."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from safetensors import SafetensorError

from modeling.cli import score as score_command
from modeling.cli import train as train_command
from modeling.cli.failures import explain
from tests.modeling.commands import only_error


def test_a_full_disk_under_the_weights_is_an_error_in_a_line(
    tmp_path, toy_data, monkeypatch, capsys
):
    def full(*_, **__):
        raise SafetensorError("No space left on device")

    monkeypatch.setattr(train_command, "train", full)
    error = only_error(capsys, 2, "train", toy_data, tmp_path / "m")
    assert error == (
        "error: a safetensors file cannot be read or written: No space left on device\n"
    )


def test_a_stop_from_the_keyboard_says_how_to_go_on(tmp_path, toy_data, monkeypatch, capsys):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(train_command, "train", stopped)
    assert "continues from the last saved" in only_error(
        capsys, 130, "train", toy_data, tmp_path / "m"
    )
    monkeypatch.setattr(score_command, "read_items", stopped)
    assert only_error(capsys, 130, "score", tmp_path, tmp_path) == "\nstopped\n"


def test_a_reader_that_leaves_early_causes_no_traceback(trained, toy_data):
    command = [sys.executable, "-m", "modeling", "score", trained.checkpoint]
    process = subprocess.Popen(
        [*command, toy_data / "groups.jsonl"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    assert process.wait() != 0


def redirected(where, *command):
    """Run a command of the library under a shell's redirection."""
    words = ["sh", "-c", f'exec "$@" {where}', "sh", sys.executable, "-m", "modeling", *command]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        words, capture_output=True, text=True, timeout=240, check=False, env=buffered
    )


def test_closed_streams_are_no_reason_to_fail(trained, manifest):
    ended = redirected("<&- >&- 2>&-", "score", trained.checkpoint, manifest)
    assert ended.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_results_that_cannot_be_written_are_an_error(trained, manifest):
    ended = redirected("> /dev/full", "score", trained.checkpoint, manifest)
    assert ended.returncode == 2
    told = ended.stderr.splitlines()[-1]
    assert told.startswith("error: no room left to write to; free some, then give the command")
    assert "Exception ignored" not in ended.stderr


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device", "m.run/state"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        SafetensorError("Io(Os { message: No space left on device (os error 28) })"),
        RuntimeError("[enforce fail at inline_container.cc:672] . unexpected pos 7744 vs 7636"),
    ],
)
def test_a_full_disk_is_told_as_one_whoever_noticed(error):
    assert explain(error).startswith("error: no room left to write to; free some")


def test_other_errors_are_told_in_their_own_words():
    assert explain(ValueError("no such axis")) == "error: no such axis\n"
    assert explain(MemoryError()) == "error: this machine has too little memory for that\n"
