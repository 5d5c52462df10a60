import importlib
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--prot", "8100"], "unknown argument --prot"),
        (["--port"], "give a number such as 8100"),
        (["--port", "http"], "--port http: give a number"),
        (["--port="], "give a number"),
    ],
)
def test_a_wrong_argument_is_one_sentence_before_anything_starts(second_checkout, arguments, said):
    done = subprocess.run(
        [second_checkout / "script" / "demo", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (second_checkout / "var").exists()


@pytest.mark.parametrize("operators", ["", "https://jury.example"])
def test_links_in_mail_begin_where_the_site_is_served_unless_the_operator_says(
    operators, monkeypatch, tmp_path
):
    monkeypatch.setenv("DATA_ROOT", str(tmp_path))
    monkeypatch.setenv("SITE_URL", operators)
    site = importlib.import_module("serving.site")
    assert site.Site(8123, revive=list).links == (operators or "http://127.0.0.1:8123")
