"""What manage.py says when a person can put it right."""

import os
import subprocess
import sys

import psycopg
import pytest
import redis
from django.core.exceptions import ImproperlyConfigured
from django.db import ProgrammingError, connection

from annotation_app.management.running import explain
from tests.architecture.source_tree import CHECKOUT

NOWHERE = "postgresql://nobody@127.0.0.1:1/none"


def manage(*arguments, cwd, **variables):
    return subprocess.run(
        [sys.executable, CHECKOUT / "manage.py", *arguments],
        cwd=cwd,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "annotation_app.settings.test", **variables},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def bare_database():
    """The address of a database without any table."""
    name = f"editjury_{os.getpid()}_bare"
    given = connection.get_connection_params()
    server = {key: given[key] for key in ("host", "port", "user", "password") if given.get(key)}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as session:
        session.execute(f"CREATE DATABASE {name}")
        yield os.environ["DATABASE_URL"].replace(given["dbname"].removeprefix("test_"), name)
        session.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "command",
    [
        ("import_items", ".", "--collection", "Mine"),
        ("import_ratings", ".", "--campaign", "Mine"),
        ("create_admin", "ada", "--generate"),
        ("agreement", "--campaign", "mine"),
        ("verify_agreement",),
    ],
)
def test_a_database_without_tables_is_one_sentence_that_names_the_remedy(
    bare_database, tmp_path, command
):
    done = manage(*command, cwd=tmp_path, DATABASE_URL=bare_database)
    assert done.returncode == 1
    assert "not migrated yet" in done.stderr
    assert "script/manage migrate" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_server_that_is_not_there_is_one_sentence(tmp_path):
    done = manage("verify_agreement", cwd=tmp_path, DATABASE_URL=NOWHERE)
    assert done.returncode == 1
    assert done.stderr.startswith("error: no connection to PostgreSQL")
    assert "DATABASE_URL" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    shown = manage("verify_agreement", "--traceback", cwd=tmp_path, DATABASE_URL=NOWHERE)
    assert "Traceback" in shown.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("import_items", "nowhere", "--collection", "Mine"),
        ("import_ratings", "nowhere.csv", "--campaign", "Mine"),
        ("agreement", "--ratings", "nowhere.csv"),
    ],
)
def test_a_path_that_is_not_there_says_where_it_was_looked_for(tmp_path, command):
    done = manage(*command, cwd=tmp_path, DATABASE_URL=NOWHERE)
    assert done.returncode == 1
    named = next(word for word in command if word.startswith("nowhere"))
    assert f"There is no file or folder {named}." in done.stderr
    assert f"resolved from {tmp_path}" in done.stderr


def test_failures_of_the_surroundings_have_sentences_and_faults_of_the_program_have_none():
    assert "Redis" in explain(redis.exceptions.ConnectionError("refused"))
    assert "SECRET_KEY" in explain(ImproperlyConfigured("SECRET_KEY is short"))
    assert "no file or folder x.png" in explain(FileNotFoundError(2, "No such file", "x.png"))
    assert "y cannot be read or written" in explain(PermissionError(13, "Permission denied", "y"))
    wrapped = ProgrammingError("relation does not exist")
    wrapped.__cause__ = psycopg.errors.UndefinedTable("relation does not exist")
    assert "migrate" in explain(wrapped)
    assert explain(ValueError("a fault")) is None
    assert explain(psycopg.errors.SyntaxError("a fault")) is None
