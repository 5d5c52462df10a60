"""``train --processes``: several processes of one command do what one does, and fail as one."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest
import torch
from PIL import Image

from modeling.cli import main
from modeling.config import TrainConfig
from modeling.data import ImageCache
from modeling.data.decoding import decode_part
from modeling.data.images import write_index
from modeling.trainer import train
from tests.modeling.caches import build_cache
from tests.modeling.conftest import SMALL
from tests.modeling.toy import write_toy

SETTINGS = {
    "backbone_options": SMALL,
    "head_hidden": [16],
    "max_steps": 4,
    "learning_rate": 0.02,
    "augment": False,
    "evaluations_per_run": 4,
}


@pytest.fixture
def data(tmp_path):
    return write_toy(tmp_path / "toy", items=20, candidates=3)


def command(tmp_path, data, *, steps=4, items=2):
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({**SETTINGS, "groups_per_batch": items, "max_steps": steps}))
    model = tmp_path / "model"
    words = ["train", str(data), str(model), "--config", str(settings), "--processes", "2"]
    return [sys.executable, "-m", "modeling", *words]


def run(words):
    return subprocess.run(words, capture_output=True, text=True, timeout=240, check=False)


@pytest.mark.slow
def test_two_processes_print_once_what_one_process_finds(tmp_path, data):
    config = TrainConfig.from_json({**SETTINGS, "groups_per_batch": 4})
    alone = train(config, data=data, output=tmp_path / "alone")
    done = run(command(tmp_path, data))
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    printed = json.loads(line)
    assert printed["steps"] == 4
    assert printed["metrics"]["test"] == pytest.approx(alone.metrics["test"], abs=2e-4)
    assert "80/80" in done.stderr  # images, of both processes: 20 items of 4
    assert not (tmp_path / "model.run").exists()


@pytest.mark.slow
def test_bad_images_of_all_processes_are_told_once_and_nothing_is_left_behind(tmp_path, data):
    for name in ("0-0", "0-1", "0-2", "1-0"):
        (data / f"images/{name}.png").write_text("<html>")
    done = run(command(tmp_path, data))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("error: ") == 1
    assert "Traceback" not in done.stderr
    for name in ("0-0", "0-1", "0-2", "1-0"):
        assert done.stderr.count(f"{name}.png") == 1
    assert not (tmp_path / "model").exists()


@pytest.mark.slow
def test_a_killed_process_ends_the_others_and_the_command_goes_on_afterwards(tmp_path, data):
    words = command(tmp_path, data, steps=40)
    begun = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _wait_for(lambda: list(tmp_path.glob("model.run/checkpoint-*/trainer_state.json")))
    os.kill(_children(begun.pid)[1], signal.SIGKILL)
    _, told = begun.communicate(timeout=120)
    assert begun.returncode == 128 + signal.SIGKILL
    assert told.count("error: ") == 1
    assert "process 1 was ended by SIGKILL; the same command continues" in told
    assert not (tmp_path / "model").exists()
    done = run(words)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["steps"] == 40


@pytest.mark.slow
def test_an_interrupted_command_leaves_no_process_behind(tmp_path, data):
    words = command(tmp_path, data, steps=4000)
    begun = subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True)
    _wait_for((tmp_path / "model.run/images").exists)
    os.killpg(begun.pid, signal.SIGINT)
    _, told = begun.communicate(timeout=120)
    assert begun.returncode == 130
    assert told.count("stopped; ") == 1
    assert "Traceback" not in told
    with pytest.raises(ProcessLookupError):
        os.killpg(begun.pid, 0)


@pytest.mark.slow
def test_whoever_has_computed_already_trains_in_new_processes(tmp_path, data, capfd):
    torch.ones(500, 500) @ torch.ones(500, 500)  # its threads would be missing in a copy
    assert main(command(tmp_path, data)[3:]) == 0
    assert json.loads(capfd.readouterr().out)["steps"] == 4


@pytest.mark.parametrize(
    ("job", "status", "text"),
    [
        ("second_fails_first", 3, "error: the second's fault\n"),
        ("second_is_silent", 130, ""),
        ("first_waits_for_ever", 2, "error: too early\n"),
        (
            "second_is_killed",
            128 + signal.SIGKILL,
            "error: process 1 was ended by SIGKILL; the same command continues from the last saved "
            "state\n",
        ),
    ],
)
def test_only_what_was_wrong_first_is_told(forks, job, status, text):
    assert forks.run(2, job) == status
    assert forks.said() == text


def test_a_fault_of_the_program_is_told_once_with_its_place(forks):
    assert forks.run(2, "both_break") == 1
    assert forks.said().count("Traceback") == 1
    assert forks.said().endswith("TypeError: a fault of ours\n")


def test_a_long_complaint_keeps_its_end(forks):
    assert forks.run(2, "noisy") == 2
    assert forks.said().endswith("x\nerror: the end\n")


@pytest.mark.parametrize("sent", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_no_process_outlives_its_parent(tmp_path, forks, sent):
    parent = forks.begin(2, "stay", tmp_path)
    _wait_for(lambda: len(list(tmp_path.iterdir())) == 2)
    os.kill(parent, sent)
    assert forks.wait() != 0
    _wait_for(lambda: not any(_runs(int(path.name)) for path in tmp_path.iterdir()), seconds=10)


@pytest.mark.parametrize("count", ["0", "-1", "two"])
def test_an_impossible_number_of_processes_is_refused(capsys, count):
    with pytest.raises(SystemExit, match="2"):
        main(["train", "data", "model", f"--processes={count}"])
    assert "argument --processes" in capsys.readouterr().err


def test_several_processes_within_torchrun_are_refused(capsys, monkeypatch):
    monkeypatch.setenv("TORCHELASTIC_RUN_ID", "1")
    with pytest.raises(SystemExit, match="2"):
        main(["train", "data", "model", "--processes=2"])
    assert "torchrun has started several already" in capsys.readouterr().err


def test_a_cache_of_several_parts_reads_like_one(tmp_path):
    paths = [tmp_path / f"{number}.png" for number in range(5)]
    for number, path in enumerate(paths):
        Image.effect_noise((3 + number, 4), 90).convert("RGB").save(path)
    whole = build_cache(tmp_path / "one", paths)
    folder = tmp_path / "three"
    parts = [
        decode_part(folder, paths[number::3], fit=lambda image: image, number=number)
        for number in range(3)
    ]
    assert not ImageCache.is_whole(folder)
    write_index(folder, parts)
    assert ImageCache.is_whole(folder)
    cache = ImageCache(folder)
    for path in paths:
        assert cache.read(path).tobytes() == whole.read(path).tobytes()
    last = folder / "pixels-2.bin"
    os.truncate(last, last.stat().st_size - 1)
    assert not ImageCache.is_whole(folder)


def _children(process):
    listed = subprocess.run(
        ["pgrep", "-P", str(process)], capture_output=True, text=True, check=True
    )
    return [int(each) for each in listed.stdout.split()]


def _runs(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
