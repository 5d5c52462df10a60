"""script/demo in a separate checkout: other data, services and port; removed afterwards."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.installation import CHECKOUT, Environment, free_port

START_SECONDS, STOP_SECONDS = 240.0, 40.0
INSTANCE = "empty"
LEFT_OUT = {"script", "var", ".git", ".env"}  # copied, or not this site's
# What belongs to the installation, or the test run, that calls this.
OF_ANOTHER = ("DATABASE_URL", "REDIS_URL", "DATA_ROOT", "SITE_URL", "DJANGO_SETTINGS_MODULE")


@dataclass(frozen=True)
class OwnSite:
    """A running site: its folder, its address, and the process that is script/demo."""

    folder: Path
    port: int
    process: psutil.Process

    @property
    def data(self) -> Path:
        """Its data folder."""
        return self.folder / "data"

    @property
    def environment(self) -> Environment:
        """What a program of ours needs in order to work on its database."""
        saved = self.folder / "var" / "services" / INSTANCE / "environment"
        known = dict(line.split("=", 1) for line in saved.read_text().splitlines())
        settings = {"DJANGO_SETTINGS_MODULE": "annotation_app.settings.local", "LOG_LEVEL": "ERROR"}
        return {**_clean(), **settings, **known}

    def log(self) -> str:
        """The output of its processes and their supervisor."""
        return (self.data / "log" / "site.log").read_text(errors="replace")

    def processes(self) -> dict[str, dict[str, Any]]:
        """The supervisor's last report on each process."""
        said = json.loads((self.data / "run" / "supervisor.json").read_text())
        return {one["name"]: one for one in said["processes"]}

    def services(self) -> dict[str, int | None]:
        """The pids of its PostgreSQL and Redis, None for one that is down."""
        command = [sys.executable, "-m", "embedded", "status", "--instance", INSTANCE]
        path = {"PYTHONPATH": str(self.folder / "script")}
        done = subprocess.run(
            command, env={**_clean(), **path}, capture_output=True, text=True, check=False
        )
        lines = [line.split(":", 1) for line in done.stdout.splitlines() if ":" in line]
        return {
            name: int(said.rsplit(" ", 1)[1]) if "pid" in said else None for name, said in lines
        }


@contextmanager
def own_site() -> Iterator[OwnSite]:
    """Serve an empty installation; end and remove all of it in the end."""
    with tempfile.TemporaryDirectory(prefix="editjury-chaos-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL does not run as root, and must pass
        _check_out(folder)
        port = free_port()
        said = folder / "demo.log"
        with said.open("wb") as output:
            command = [str(folder / "script" / "demo"), "--empty", "--port", str(port)]
            demo = subprocess.Popen(
                command,
                env={**_clean(), "DATA_ROOT": str(folder / "data")},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            _wait_for(demo, said)
            yield OwnSite(folder, port, psutil.Process(demo.pid))
        finally:
            _stop(demo, folder)


def _check_out(folder: Path) -> None:
    shutil.copytree(CHECKOUT / "script", folder / "script")
    for path in CHECKOUT.iterdir():
        if path.name not in LEFT_OUT:
            (folder / path.name).symlink_to(path)


def _clean() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name not in OF_ANOTHER and not name.startswith("EDITJURY_")
    }


def _wait_for(demo: "subprocess.Popen[bytes]", said: Path) -> None:
    ends = time.monotonic() + START_SECONDS
    while "EditJury is at" not in said.read_text(errors="replace"):
        if demo.poll() is not None or time.monotonic() > ends:
            raise RuntimeError(f"script/demo does not serve:\n{said.read_text(errors='replace')}")
        time.sleep(0.2)


def _stop(demo: "subprocess.Popen[bytes]", folder: Path) -> None:
    demo.send_signal(signal.SIGTERM)
    try:
        demo.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        demo.kill()
        demo.wait()
    # Nothing if all went well; else what a killed script/demo left.
    command = [str(folder / "script" / "services"), "stop", "--instance", INSTANCE]
    subprocess.run(command, env=_clean(), stdout=sys.stderr, check=False)
