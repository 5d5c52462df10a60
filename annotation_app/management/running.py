"""Runs a command for manage.py: what the person at the keyboard can put right is one sentence."""

import sys
from collections.abc import Iterator, Sequence

import psycopg
import redis
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line

FAILED = 1
UNMIGRATED = (psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn)
UNREACHABLE = "is it running, and is {} right? script/demo and script/manage bring their own."


def run_command(arguments: Sequence[str]) -> int:
    """Run Django's command line; returns the exit status.

    `--traceback` shows where a failure comes from, here as in Django's own commands.
    """
    try:
        execute_from_command_line(list(arguments))
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        sentence = explain(error)
        if sentence is None or "--traceback" in arguments:
            raise
        sys.stderr.write(f"error: {sentence}\n")
        return FAILED
    return 0


def explain(error: BaseException) -> str | None:
    """A failure that has a remedy as a sentence with it; None for a fault of the program."""
    for cause in _causes(error):
        sentence = _of_servers(cause) or _of_surroundings(cause)
        if sentence is not None:
            return sentence
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what it came from, the innermost last."""
    found: BaseException | None = error
    while found is not None:
        yield found
        found = found.__cause__


def _of_servers(error: BaseException) -> str | None:
    if isinstance(error, UNMIGRATED):
        return "the database is not migrated yet, or not to this version: script/manage migrate"
    if isinstance(error, psycopg.OperationalError) and error.sqlstate is None:
        return f"no connection to PostgreSQL: {UNREACHABLE.format('DATABASE_URL')} {_line(error)}"
    if isinstance(error, psycopg.errors.InvalidCatalogName | psycopg.errors.InvalidPassword):
        return f"PostgreSQL refuses: {_line(error)}. Correct DATABASE_URL."
    if isinstance(error, redis.exceptions.ConnectionError):
        return f"no connection to Redis: {UNREACHABLE.format('REDIS_URL')} {_line(error)}"
    return None


def _of_surroundings(error: BaseException) -> str | None:
    if isinstance(error, ImproperlyConfigured):
        return f"the settings are invalid: {error}"
    if isinstance(error, FileNotFoundError) and error.filename:
        return f"there is no file or folder {error.filename}: give a path that exists"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename} cannot be read or written: {error.strerror}"
    return None


def _line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"({lines[0].strip()})" if lines else ""
