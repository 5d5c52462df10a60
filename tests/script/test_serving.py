import os
import socket
import subprocess
import sys

import pytest
from serving.leftovers import MARK, end_processes, marked_processes
from serving.port import HOST, answers, choose_port

SLEEPER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("up", flush=True)
time.sleep(60)
"""


def test_a_taken_port_is_passed_over_unless_it_was_asked_for():
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        with pytest.raises(OSError, match=f"port {taken} is taken"):
            choose_port(taken)
        assert choose_port(None) != taken


def test_a_port_where_nothing_listens_does_not_answer():
    assert not answers(choose_port(None))


def test_children_of_a_killed_supervisor_are_found_by_their_mark_and_ended():
    site = f"trial-{os.getpid()}"
    parent = subprocess.Popen(
        [sys.executable, "-c", SLEEPER],
        env={**os.environ, MARK: site},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout is not None
    assert parent.stdout.readline() == "up\n"
    parent.kill()
    parent.wait()
    parent.stdout.close()
    orphans = marked_processes(site)
    assert len(orphans) == 1
    end_processes(orphans, grace=5)
    assert marked_processes(site) == []


def test_the_processes_of_another_checkout_are_left_alone():
    site = f"trial-{os.getpid()}"
    with subprocess.Popen(
        [sys.executable, "-c", "input()"], env={**os.environ, MARK: site}, stdin=subprocess.PIPE
    ) as other:
        assert marked_processes(f"{site}-another") == []
        assert [process.pid for process in marked_processes(site)] == [other.pid]
