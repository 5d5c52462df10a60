"""One instance of the private services as a whole: start, hold, release, stop, addresses."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

from embedded import postgres, redis_server
from embedded.layout import SITES, Layout
from embedded.process import find_process

KEEP = "keep"
OWN_DATABASE = re.compile(r"^(?:test_)?editjury_(\d+)(?:_|$)")


def start(layout: Layout, *, holder: int | None) -> dict[str, str]:
    """Starts what the environment does not name already and returns every address.

    Args:
        layout: which instance.
        holder: the process that needs it, or None to keep it until it is stopped by name.
    """
    with _locked(layout):
        wanted = _wanted()
        if "DATABASE_URL" in wanted:
            postgres.start(layout, database=_database(layout, holder))
            _drop_leftover_test_databases(layout)
        if "REDIS_URL" in wanted:
            redis_server.start(layout)
            if layout.name == "test":
                redis_server.empty(layout, _redis_database(layout, holder))
        if wanted:
            _write_holders(layout, {*_live_holders(layout), _holder_line(holder)})
        found = addresses(layout, holder=holder)
        if layout.name in SITES:
            _save(layout, found)
        return found


def release(layout: Layout, *, holder: int) -> None:
    """Ends one process' need; the last one out stops the services, unless they are kept."""
    with _locked(layout):
        left = _live_holders(layout) - {_holder_line(holder)}
        _write_holders(layout, left)
        if not left:
            _stop_both(layout)


def stop(layout: Layout) -> list[str]:
    """Stops the services even if they are in use; returns the names of those that ran."""
    with _locked(layout):
        layout.holders.unlink(missing_ok=True)
        return _stop_both(layout)


def status(layout: Layout) -> dict[str, int | None]:
    """The pid of each running service, None for one that is not."""
    found = {
        "postgres": postgres.running_process(layout),
        "redis": redis_server.running_process(layout),
    }
    return {name: process.pid if process else None for name, process in found.items()}


def saved(layout: Layout) -> dict[str, str]:
    """The settings of a running site: its addresses and its data; empty if it does not run."""
    if not layout.environment.exists() or not any(status(layout).values()):
        return {}
    lines = layout.environment.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def note_address(layout: Layout, url: str | None) -> None:
    """Records where a site is served, for other commands; None once it is not."""
    with _locked(layout):
        known = {name: value for name, value in saved(layout).items() if name != "SITE_URL"}
        if known:
            _write_environment(layout, {**known, **({"SITE_URL": url} if url else {})})


def addresses(layout: Layout, *, holder: int | None = None) -> dict[str, str]:
    """DATABASE_URL and REDIS_URL: the environment's own, else those of the running instance.

    Each holder of the test instance gets a separate database in both, so that two test runs never
    interfere.
    """
    found = {
        name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)
    }
    if "DATABASE_URL" not in found and postgres.running_process(layout):
        found["DATABASE_URL"] = postgres.database_url(layout, _database(layout, holder))
    address = redis_server.saved_address(layout)
    if "REDIS_URL" not in found and address and redis_server.running_process(layout):
        found["REDIS_URL"] = address.url(_redis_database(layout, holder))
    return found


def _database(layout: Layout, holder: int | None) -> str:
    if layout.name == "test" and holder is not None:
        return f"{postgres.DATABASE}_{holder}"
    return postgres.DATABASE


def _redis_database(layout: Layout, holder: int | None) -> int:
    """Number 0, or one for each test run; two runs share one with a chance of 1 in 1023."""
    if layout.name == "test" and holder is not None:
        return 1 + holder % (redis_server.DATABASES - 1)
    return 0


def _wanted() -> set[str]:
    return {name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)}


def _stop_both(layout: Layout) -> list[str]:
    layout.environment.unlink(missing_ok=True)
    stopped = []
    if redis_server.stop(layout):
        stopped.append("redis")
    if postgres.stop(layout):
        stopped.append("postgres")
    return stopped


@contextmanager
def holding(layout: Layout, *, holder: int) -> Iterator[bool]:
    """Locks the instance; yields whether the process still uses it."""
    with _locked(layout):
        yield _holder_line(holder) in _live_holders(layout)


@contextmanager
def _locked(layout: Layout) -> Iterator[None]:
    """Lets one command at a time change this instance; a killed command frees the lock."""
    layout.home.mkdir(parents=True, exist_ok=True)
    with layout.lock.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _holder_line(pid: int | None) -> str:
    if pid is None:
        return KEEP
    process = find_process(pid)
    # The start time tells a recycled pid from the process that asked.
    return f"{pid} {process.create_time() if process else 0:.2f}"


def _live_holders(layout: Layout) -> set[str]:
    if not layout.holders.exists():
        return set()
    lines = layout.holders.read_text().splitlines()
    return {line for line in lines if line == KEEP or line == _holder_line(int(line.split()[0]))}


def _write_holders(layout: Layout, lines: set[str]) -> None:
    layout.holders.write_text("".join(f"{line}\n" for line in sorted(lines)))


def _save(layout: Layout, found: dict[str, str]) -> None:
    """Writes a site's environment down; what was noted of a site that runs stays."""
    root = {"DATA_ROOT": os.environ.get("DATA_ROOT") or str(layout.data_root)}
    _write_environment(layout, {**root, **saved(layout), **found})


def _write_environment(layout: Layout, values: dict[str, str]) -> None:
    path = layout.environment
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text("".join(f"{name}={value}\n" for name, value in values.items()))


def _drop_leftover_test_databases(layout: Layout) -> None:
    """Removes the databases of test runs that were killed."""
    if layout.name != "test":
        return
    with psycopg.connect(postgres.database_url(layout, "postgres"), autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
        for name in names:
            owner = OWN_DATABASE.match(name)
            if owner and find_process(int(owner.group(1))) is None:
                connection.execute(sql.SQL("DROP DATABASE {}").format(sql.Identifier(name)))
