"""The site's log: lines of many processes in one file, each with the time and who says it."""

import contextlib
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

LARGEST = 64_000_000  # bytes; then the file is put aside once, as site.log.1
WIDTH = 14  # characters for the name


class Journal:
    """Appends lines to a file from several threads; a full disk only loses lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)

    def write(self, name: str, text: str) -> None:
        """Append one line that `name` says."""
        moment = datetime.now(UTC).astimezone().strftime("%H:%M:%S")
        line = f"{moment} {name:<{WIDTH}} | {text.rstrip()}\n"
        with self._lock, contextlib.suppress(OSError):
            self._put_aside()
            with self._path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(line)

    def follow(self, name: str, output: IO[bytes]) -> threading.Thread:
        """Write what a process prints, until it and all that it started are gone."""
        thread = threading.Thread(target=self._copy, args=(name, output), daemon=True)
        thread.start()
        return thread

    def _copy(self, name: str, output: IO[bytes]) -> None:
        with output:
            for line in output:
                self.write(name, line.decode(errors="replace"))

    def _put_aside(self) -> None:
        if self._path.exists() and self._path.stat().st_size > LARGEST:
            self._path.replace(self._path.with_name(f"{self._path.name}.1"))
