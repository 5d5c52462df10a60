"""Connections that do not occupy a thread while their client is slow.

Waitress receives requests and sends answers in its own loop. What it does not limit is limited
here: a request that never ends, and the size of a body before its request has been allowed.
"""

import time

from typing_extensions import override
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask
from waitress.utilities import RequestEntityTooLarge

from annotation_app.web.serving.limits import (
    ASKS,
    BODY_RATE,
    BODY_SECONDS,
    HEADER_SECONDS,
    LEFT_SECONDS,
    ORDINARY,
    SEND_SECONDS,
)

COME_IN = "204"


class Parser(HTTPRequestParser):
    """Refuses a body that does not say how long it is when it grows beyond an ordinary form."""

    @property
    def is_whole(self) -> bool:
        """Whether no more data is expected."""
        return bool(self.completed)

    @override
    def received(self, data: bytes) -> int:
        taken: int = super().received(data)
        if self.chunked and not self.is_whole and self.body_bytes_received > ORDINARY:
            self.error = RequestEntityTooLarge(f"say how long a body over {ORDINARY} bytes is")
            self.completed = True
        return taken


class Channel(HTTPChannel):
    """A connection with a deadline for each request, and for taking its answer."""

    parser_class = Parser
    began = 0.0  # when the request that is coming in began
    timed: HTTPRequestParser | None = None  # that request
    asked: HTTPRequestParser | None = None  # the request whose long body was asked about
    is_asking = False
    has_spoken = False  # a fresh connection has as long for its first head as for any

    @override
    def readable(self) -> bool:
        return not self.is_asking and bool(super().readable())

    @override
    def received(self, data: bytes) -> bool:
        taken = bool(super().received(data))
        request: HTTPRequestParser | None = self.request
        self.has_spoken = True
        if request is not self.timed:
            self.timed, self.began = request, time.monotonic()
        if request is not None and self._is_long(request) and self.asked is not request:
            self.asked, self.is_asking = request, True
            self.server.task_dispatcher.add_task(Question(self, request))
        return taken

    def _is_long(self, request: HTTPRequestParser) -> bool:
        return bool(request.headers_finished and request.content_length > ORDINARY)

    def let_in(self) -> None:
        """Continue receiving the long body."""
        self.began = time.monotonic()
        self.is_asking = False
        self.server.pull_trigger()

    def turn_away(self, request: HTTPRequestParser) -> None:
        """Answer without the body; the application says why, and the connection ends."""
        with self.requests_lock:
            request.headers["CONNECTION"] = "close"
            request.completed = True
            self.request = self.timed = None
            self.requests.append(request)
            self.is_asking = False
        self.server.add_task(self)

    def is_overdue(self, now: float) -> bool:
        """Whether the client has had long enough: to ask, or to take what it asked for."""
        if self.total_outbufs_len and time.time() - self.last_activity > SEND_SECONDS:
            return True
        if self.timed is None:
            return not self.has_spoken and time.time() - self.creation_time > HEADER_SECONDS
        if self.is_asking:
            return False
        if not self.timed.headers_finished:
            return now - self.began > HEADER_SECONDS
        received = float(self.timed.body_bytes_received)
        return now - self.began > BODY_SECONDS + received / BODY_RATE


class Question:
    """Asks the application, in a thread as any request, whether a long body may come."""

    def __init__(self, channel: Channel, request: HTTPRequestParser) -> None:
        self._channel = channel
        self._request = request

    def service(self) -> None:
        """Let it in on the application's word alone."""
        status = "500"
        try:
            status = self._ask()
        finally:
            if status.startswith(COME_IN):
                self._channel.let_in()
            else:
                self._channel.turn_away(self._request)

    def cancel(self) -> None:
        """The server stops."""
        self._channel.cancel()

    def _ask(self) -> str:
        told: list[str] = []
        environ = {**WSGITask(self._channel, self._request).get_environment(), ASKS: True}

        def start_response(status: str, *_headers: object) -> None:
            told.append(status)

        answer = self._channel.server.application(environ, start_response)
        if hasattr(answer, "close"):
            answer.close()
        return told[0] if told else "500"


class Server(TcpWSGIServer):
    """Closes overdue connections, and tells whether it is busy."""

    channel_class = Channel
    left_at: float | None = None  # when the connections that wait were first left to others

    @override
    def readable(self) -> bool:
        """Whether a connection is accepted: a process without a free thread leaves it to others.

        Not for long: perhaps none of them has a free one.
        """
        if not super().readable():
            return False
        if not self.is_loaded():
            self.left_at = None
            return True
        now = time.monotonic()
        if self.left_at is None:
            self.left_at = now
        return now - self.left_at > LEFT_SECONDS

    @override
    def handle_accept(self) -> None:
        super().handle_accept()
        self.left_at = None

    def is_loaded(self) -> bool:
        """Whether the next request would have to wait for a thread."""
        threads = self.task_dispatcher
        return bool(threads.active_count + len(threads.queue) >= self.adj.threads)

    @override
    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        moment = time.monotonic()
        for channel in self.active_channels.values():
            if channel.is_overdue(moment):
                channel.will_close = True

    def is_busy(self) -> bool:
        """Whether a request is being answered, or an answer is on its way."""
        return any(one.requests or one.total_outbufs_len for one in self.active_channels.values())
