"""Remembers that a server does not answer, so that not every request waits for it again."""

import logging
import threading
import time

logger = logging.getLogger(__name__)

REST_SECONDS = 5.0  # between two tries while a server is down


class Outage:
    """The state of one server as this process has seen it last; for all its threads.

    Args:
        server: what it is called in the log.
        rest: seconds that pass before a server that was down is asked again.
    """

    def __init__(self, server: str, *, rest: float = REST_SECONDS) -> None:
        self._server = server
        self._rest = rest
        self._lock = threading.Lock()
        self._retry_at: float | None = None

    @property
    def lasts(self) -> bool:
        """Whether the server was down a moment ago: do without it for now."""
        return self._retry_at is not None and time.monotonic() < self._retry_at

    def begin(self, error: BaseException) -> bool:
        """The server did not answer; whether that is news."""
        with self._lock:
            is_new = self._retry_at is None
            self._retry_at = time.monotonic() + self._rest
        if is_new:
            logger.warning("%s does not answer, going on without it: %s", self._server, error)
        return is_new

    def end(self) -> None:
        """The server answered."""
        if self._retry_at is None:
            return
        with self._lock:
            was_down = self._retry_at is not None
            self._retry_at = None
        if was_down:
            logger.warning("%s answers again", self._server)
