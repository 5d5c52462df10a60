"""The supervisor: what ends is started again, what stops is stopped whole, and both are told."""

import json
import os
import signal
import sys
import time

import psutil
import pytest
from serving.child import LONGEST_PAUSE, Child
from serving.journal import Journal
from serving.leftovers import MARK, marked_processes
from serving.procfile import read_procfile
from serving.supervisor import HOPELESS, Supervisor

PATIENCE = 30  # seconds for any one thing, on a busy machine
# A process with a child of its own, as gunicorn and Celery have.
PARENT = (
    f"exec {sys.executable} -c 'import subprocess, sys, time;"
    ' subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]);'
    " time.sleep(600)'"
)


@pytest.fixture
def supervise(tmp_path):
    started = []
    site = f"supervised-{os.getpid()}-{tmp_path.name}"

    def make(commands, **options):
        supervisor = Supervisor(
            commands,
            folder=tmp_path,
            environment={**os.environ, MARK: site},
            journal=Journal(tmp_path / "site.log"),
            state=tmp_path / "supervisor.json",
            **options,
        )
        started.append(supervisor)
        supervisor.start()
        return supervisor

    yield make
    for supervisor in started:
        supervisor.stop(grace=5)
    assert marked_processes(site) == []  # no orphans, whatever the test did


def state(folder):
    said = json.loads((folder / "supervisor.json").read_text())
    return {one["name"]: one for one in said["processes"]}


def wait_until(reached):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if reached():
            return
        time.sleep(0.05)
    pytest.fail("it was waited for in vain")


def test_a_killed_process_is_started_again_and_the_others_are_left_alone(supervise, tmp_path):
    supervise({"one": "exec sleep 600", "two": "exec sleep 600"})
    before = state(tmp_path)
    os.kill(before["one"]["pid"], signal.SIGKILL)
    wait_until(lambda: state(tmp_path)["one"]["restarts"] == 1 and state(tmp_path)["one"]["pid"])
    after = state(tmp_path)
    assert after["one"]["last_end"] == "was ended by SIGKILL"
    assert after["one"]["pid"] != before["one"]["pid"]
    assert after["two"] == before["two"]
    log = (tmp_path / "site.log").read_text()
    assert "one was ended by SIGKILL" in log
    assert "starting it again in 0.5 s (restart 1)" in log


def test_what_a_killed_process_had_started_is_ended_with_it(supervise, tmp_path):
    supervise({"web": PARENT})
    process = psutil.Process(state(tmp_path)["web"]["pid"])
    wait_until(process.children)
    (child,) = process.children()
    process.kill()
    wait_until(lambda: state(tmp_path)["web"]["restarts"] == 1)
    wait_until(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE)


def test_pauses_double_up_to_the_longest_and_a_process_that_never_stays_up_is_named(tmp_path):
    journal = Journal(tmp_path / "site.log")
    child = Child("broken", "exit 3", folder=tmp_path, environment=os.environ)
    child.start(journal)
    pauses = []
    for _ in range(8):
        wait_until(lambda: child.look(journal))
        pauses.append(float((tmp_path / "site.log").read_text().split(" again in ")[-1].split()[0]))
        child._start_at = 0.0  # without waiting
        child.look(journal)
    assert pauses == [0.5, 1, 2, 4, 8, LONGEST_PAUSE, LONGEST_PAUSE, LONGEST_PAUSE]
    assert child.short_lives == 8 > HOPELESS
    child.end(until=time.monotonic())


def test_a_process_that_ends_at_each_start_is_called_hopeless_before_the_site_answers(supervise):
    supervisor = supervise({"web": "exit 1", "beat": "exec sleep 600"})
    assert supervisor.hopeless() is None
    wait_until(lambda: supervisor.hopeless() == "web")


def test_stopping_ends_a_process_that_ignores_being_asked(supervise, tmp_path):
    supervisor = supervise({"deaf": "trap '' TERM; while true; do sleep 1; done"})
    process = psutil.Process(state(tmp_path)["deaf"]["pid"])
    time.sleep(0.5)  # until the trap is set
    began = time.monotonic()
    supervisor.stop(grace=1)
    assert not process.is_running()
    assert time.monotonic() - began < 5
    assert not (tmp_path / "supervisor.json").exists()


def test_services_that_were_down_are_counted_and_a_failed_revival_is_tried_again(
    supervise, tmp_path
):
    answers = [OSError("its port is taken"), ["redis"], [], ["redis"]]

    def revive():
        answer = answers.pop(0) if answers else []
        if isinstance(answer, Exception):
            raise answer
        return answer

    supervise({"web": "exec sleep 600"}, revive=revive)
    wait_until(lambda: state(tmp_path).get("redis", {}).get("restarts") == 2)
    log = (tmp_path / "site.log").read_text()
    assert "a private service did not start: its port is taken" in log
    assert "redis was down; started it again (restart 2)" in log


def test_what_processes_print_stands_in_the_log_under_their_names(supervise, tmp_path):
    supervise({"web": "echo hello; exec sleep 600", "beat": "echo tick >&2; exec sleep 600"})

    def lines():
        return [
            line.split(maxsplit=1)[1] for line in (tmp_path / "site.log").read_text().splitlines()
        ]

    wait_until(lambda: len(lines()) == 2)
    assert sorted(" ".join(line.split()) for line in lines()) == ["beat | tick", "web | hello"]


def test_a_procfile_with_a_wrong_line_is_refused_with_its_number(tmp_path):
    file = tmp_path / "Procfile"
    file.write_text("# what runs\nweb: run it: now\n\nbeat: tick\n")
    assert read_procfile(file) == {"web": "run it: now", "beat": "tick"}
    file.write_text("web: one\nweb: two\n")
    with pytest.raises(ValueError, match="line 2 names web again"):
        read_procfile(file)
    file.write_text("no command\n")
    with pytest.raises(ValueError, match="line 1 is not `name: command`"):
        read_procfile(file)
