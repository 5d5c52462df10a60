"""What script/setup does once the packages are there: catalogues, secret key, static files."""

import fcntl
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

CHECKOUT = Path(__file__).resolve().parent.parent
APPLICATION = CHECKOUT / "annotation_app"
DATA_ROOT = (CHECKOUT / (os.environ.get("DATA_ROOT") or "var")).resolve()
STAMP = DATA_ROOT / "static.stamp"
# Neither collecting files nor making a key talks to a server, but the settings want addresses.
UNUSED_ADDRESSES = {"DATABASE_URL": "postgresql://unused/unused", "REDIS_URL": "redis://unused/0"}


def main() -> None:
    """Prepares whatever is out of date; with `--packages` only what is not specific to one site."""
    DATA_ROOT.mkdir(parents=True, exist_ok=True)
    with (DATA_ROOT / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # script/demo and script/test may start together
        prepare()


def prepare() -> None:
    """Compiles and collects, one process at a time."""
    compile_catalogues()
    if "--packages" not in sys.argv:
        collect_static_files()


def compile_catalogues() -> None:
    """Writes each message catalogue's .mo file where it is missing or older than its .po file."""
    for source in sorted((APPLICATION / "locale").glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        report(f"Compiling {source.relative_to(CHECKOUT)}")
        draft = target.with_suffix(f".{os.getpid()}")
        polib.pofile(str(source)).save_as_mofile(str(draft))
        draft.replace(target)


def collect_static_files() -> None:
    """Collects static files where any changed; loading the settings also makes the secret key.

    Files of earlier versions stay: a running site still serves them.
    """
    if STAMP.exists() and STAMP.read_text() == _static_fingerprint():
        return
    report("Collecting static files")
    environment = {**UNUSED_ADDRESSES, **{k: v for k, v in os.environ.items() if v}}
    command = [sys.executable, str(CHECKOUT / "manage.py"), "collectstatic", "--noinput", "-v0"]
    subprocess.run(command, check=True, env=environment, cwd=CHECKOUT)
    STAMP.write_text(_static_fingerprint())


def _static_fingerprint() -> str:
    return hashlib.sha256("\n".join(_static_state()).encode()).hexdigest()


def _static_state() -> Iterator[str]:
    """Whatever decides the collected files: installed packages, and the state of our own files."""
    for stamp in sorted((CHECKOUT / ".venv").glob(".installed-*")):
        yield stamp.read_text()
    yield str((DATA_ROOT / "static").exists())
    for path in sorted((APPLICATION / "static").rglob("*")):
        state = path.stat()
        yield f"{path} {state.st_size} {state.st_mtime_ns}"


def report(text: str) -> None:
    """Says on stderr what is being done; stdout stays free for results."""
    print(f"▸ {text}", file=sys.stderr)


if __name__ == "__main__":
    main()
