import os
import re
import shlex
import signal
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

pytestmark = pytest.mark.services

NOTHING_RUNS = 3


def addresses(result):
    assert result.returncode == 0, result.stderr
    words = [shlex.split(line)[1] for line in result.stdout.splitlines()]
    return dict(word.split("=", 1) for word in words)


def pids(result):
    return [int(pid) for pid in re.findall(r"running, pid (\d+)", result.stdout)]


def test_a_second_start_finds_the_running_servers(services):
    first = addresses(services("start"))
    before = pids(services("status"))
    assert addresses(services("start")) == first
    assert pids(services("status")) == before
    assert len(before) == 2


def test_acknowledged_writes_survive_kill_9_of_both_servers(services):
    before = addresses(services("start"))
    with psycopg.connect(before["DATABASE_URL"], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    queue = redis.Redis.from_url(before["REDIS_URL"])
    queue.rpush("queue", "job")
    time.sleep(1.5)  # the append-only file is synced every second
    for pid in pids(services("status")):
        os.kill(pid, signal.SIGKILL)
    after = addresses(services("start"))
    with psycopg.connect(after["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(7,)]
    with redis.Redis.from_url(after["REDIS_URL"]) as client:
        assert client.lrange("queue", 0, -1) == [b"job"]
    queue.close()


def test_a_recycled_pid_is_not_taken_for_the_server(services, second_checkout):
    services("start")
    services("stop")
    stale = second_checkout / "var" / "services" / "site" / "postgres" / "data" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n/elsewhere\n")
    assert "DATABASE_URL" in addresses(services("start"))
    assert os.getpid() not in pids(services("status"))


def test_given_addresses_are_used_and_nothing_is_started(services):
    given = {"DATABASE_URL": "postgresql://db.example/x", "REDIS_URL": "redis://r.example/1"}
    assert addresses(services("start", **given)) == given
    assert services("status").returncode == NOTHING_RUNS


def test_addresses_in_the_env_file_are_used_too(services, second_checkout):
    lines = ["# ours", "DATABASE_URL='postgresql://db.example/x'", "REDIS_URL=redis://r.example/1"]
    (second_checkout / ".env").write_text("\n".join(lines))
    assert addresses(services("start"))["DATABASE_URL"] == "postgresql://db.example/x"
    assert services("status").returncode == NOTHING_RUNS


def test_the_last_holder_to_leave_stops_the_servers(services):
    own, parent = str(os.getpid()), str(os.getppid())
    first = addresses(services("start", "--instance", "test", "--holder", own))
    second = addresses(services("start", "--instance", "test", "--holder", parent))
    assert first != second  # each test run has a database of its own
    services("release", "--instance", "test", "--holder", own)
    assert services("status", "--instance", "test").returncode == 0
    services("release", "--instance", "test", "--holder", parent)
    assert services("status", "--instance", "test").returncode == NOTHING_RUNS


def test_nobody_else_may_use_the_socket_or_read_the_password(services, second_checkout):
    url = addresses(services("start"))["DATABASE_URL"]
    socket_folder = url.partition("host=")[2]
    assert Path(socket_folder).stat().st_mode & 0o077 == 0
    saved = second_checkout / "var" / "services" / "site" / "redis" / "address.json"
    assert saved.stat().st_mode & 0o077 == 0
    for pid in pids(services("status")):
        listening = psutil.Process(pid).net_connections(kind="inet")
        assert {entry.laddr.ip for entry in listening} <= {"127.0.0.1"}
