"""A throw-away installation for a study: its own database and folder, programs run inside it."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg
from psycopg import sql

CHECKOUT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
Environment = Mapping[str, str]


@contextmanager
def fresh_installation(name: str) -> Iterator[Environment]:
    """The environment of an empty, migrated installation; all of it is gone in the end."""
    server = urlsplit(os.environ["DATABASE_URL"])
    database = f"editjury_{name}_{os.getpid()}"
    with (
        tempfile.TemporaryDirectory(prefix=f"editjury-{name}-") as folder,
        psycopg.connect(server.geturl(), autocommit=True) as connection,
    ):
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
        environment = {
            **os.environ,
            "DATABASE_URL": urlunsplit(server._replace(path=f"/{database}")),
            "DATA_ROOT": folder,
            "DJANGO_SETTINGS_MODULE": "annotation_app.settings.local",
            "LOG_LEVEL": "ERROR",
        }
        try:
            manage(environment, "migrate", "--noinput", "--verbosity", "0")
            yield environment
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database))
            )


def manage(environment: Environment, *arguments: str) -> None:
    """Run a management command; its words go to stderr."""
    command = [sys.executable, str(CHECKOUT / "manage.py"), *arguments]
    subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, stdout=sys.stderr)


def run_module(environment: Environment, module: str, *arguments: str) -> Any:  # noqa: ANN401 - JSON
    """Run a module of this package as a program; the JSON of its last line."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(
        command, cwd=CHECKOUT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


@contextmanager
def served(environment: Environment, *, workers: int = 4) -> Iterator[tuple[int, psutil.Process]]:
    """Serve the installation with gunicorn as script/Procfile does: its port and process."""
    port = free_port()
    command = [
        *(sys.executable, "-m", "gunicorn", "annotation_app.wsgi:application", "--preload"),
        *("--worker-class", "annotation_app.web.serving.worker.BufferingWorker"),
        *("--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "2"),
        *("--log-level", "warning"),
    ]
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=sys.stderr) as process:
        try:
            _wait_for(port)
            yield port, psutil.Process(process.pid)
        finally:
            process.terminate()


def memory_of(process: psutil.Process) -> float:
    """MB of a process and its children, pages that they share counted once (PSS)."""
    family = [process, *process.children(recursive=True)]
    return sum(one.memory_full_info().pss for one in family) / 1e6


def cpu_seconds(process: psutil.Process) -> float:
    """Processor seconds that a process and its children have used."""
    family = [process, *process.children(recursive=True)]
    return sum(sum(one.cpu_times()[:2]) for one in family)


def free_port() -> int:
    """A loopback port that nothing listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")
