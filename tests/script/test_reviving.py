"""Private services that were killed under a supervisor come back where their clients look."""

import os
import re
import shlex
import signal
import subprocess
import sys

import psycopg
import pytest
import redis

pytestmark = pytest.mark.services

REVIVE = """
import os
from embedded.layout import Layout
from embedded.reviving import revive
print(",".join(revive(Layout("site"), holder=int(os.environ["HOLDER"]))))
"""


@pytest.fixture
def revive(second_checkout):
    def call(addresses, holder):
        environment = {"PYTHONPATH": str(second_checkout / "script"), "HOLDER": str(holder)}
        done = subprocess.run(
            [sys.executable, "-c", REVIVE],
            env={**os.environ, **addresses, **environment},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return {name for name in done.stdout.strip().split(",") if name}

    return call


def started(services, holder):
    result = services("start", "--holder", str(holder))
    words = [shlex.split(line)[1] for line in result.stdout.splitlines()]
    return dict(word.split("=", 1) for word in words)


def kill_all(services):
    for pid in re.findall(r"running, pid (\d+)", services("status").stdout):
        os.kill(int(pid), signal.SIGKILL)


def test_both_come_back_at_the_same_addresses_and_a_second_look_finds_nothing_to_do(
    services, revive
):
    addresses = started(services, os.getpid())
    kill_all(services)
    assert revive(addresses, os.getpid()) == {"redis", "postgres"}
    with psycopg.connect(addresses["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    with redis.Redis.from_url(addresses["REDIS_URL"]) as client:
        assert client.ping()
    assert revive(addresses, os.getpid()) == set()


def test_what_was_stopped_on_purpose_or_belongs_to_the_operator_stays_as_it_is(services, revive):
    addresses = started(services, os.getpid())
    others = {"DATABASE_URL": "postgresql://db.example/x", "REDIS_URL": "redis://r.example/1"}
    kill_all(services)
    assert revive(others, os.getpid()) == set()
    services("stop")
    assert revive(addresses, os.getpid()) == set()
