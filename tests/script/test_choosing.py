"""Which installation the commands beside a site work on."""

import os
import shlex
import subprocess
import sys

import pytest

pytestmark = pytest.mark.services


@pytest.fixture
def choose(second_checkout, services):
    """Ask the second checkout; gives what it chose, or the sentence that it refused with."""

    def ask(*arguments, **variables):
        kept = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        done = subprocess.run(
            [sys.executable, "-m", "embedded", "choose", *arguments],
            env={**kept, "PYTHONPATH": str(second_checkout / "script"), **variables},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            return done.stderr
        words = [shlex.split(line)[1] for line in done.stdout.splitlines()]
        return dict(word.split("=", 1) for word in words)

    yield ask
    services("stop", "--instance", "empty")


def test_a_fresh_checkout_works_on_the_demos_installation(choose, second_checkout):
    assert choose() == {"INSTANCE": "site", "DATA_ROOT": str(second_checkout / "var")}


def test_the_installation_that_runs_is_chosen_and_two_that_run_are_asked_about(
    choose, services, second_checkout
):
    services("start", "--instance", "empty")
    data = str(second_checkout / "var" / "empty")
    assert choose() == {"INSTANCE": "empty", "DATA_ROOT": data}
    services("start")
    refused = choose()
    assert "two installations run, site and empty" in refused
    assert "--instance site or --instance empty" in refused
    assert choose("--instance", "empty")["DATA_ROOT"] == data
    services("stop")
    assert choose()["INSTANCE"] == "empty"
    services("stop", "--instance", "empty")
    assert choose()["INSTANCE"] == "site"  # none runs and both exist
    assert choose(DATA_ROOT="/srv/data")["DATA_ROOT"] == "/srv/data"


def test_an_installation_that_is_not_there_is_refused_by_name(choose):
    assert "no installation 'sit': choose --instance site or empty" in choose("--instance", "sit")


def test_the_operators_own_servers_leave_nothing_to_choose(choose, services):
    services("start", "--instance", "empty")
    own = {"DATABASE_URL": "postgresql://db.example/x", "REDIS_URL": "redis://r.example/1"}
    assert choose(**own)["INSTANCE"] == "site"
