"""A worker of gunicorn that lets waitress speak with the clients.

gunicorn keeps the processes: it loads the site once, starts the workers again and ends them in
order. Its own threads read requests themselves, so that a handful of clients that send a byte
a second held them all (docs/decisions/0017).
"""

import os
import time
from collections.abc import Callable, Iterable
from types import FrameType
from typing import Any

from gunicorn.workers.base import Worker
from typing_extensions import override
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.task import ThreadedTaskDispatcher

from annotation_app.web.serving.channels import Server
from annotation_app.web.serving.limits import CONNECTIONS, HEADER_SECONDS, LEFT_SECONDS

LARGEST = 1 << 62  # bytes; the application has already decided which body may come
AHEAD = 256 << 20  # bytes of an answer, beyond which a thread waits for the client
TICK = 1.0  # seconds


class BufferingWorker(Worker):
    """Threads for whole requests only; slow clients are waited for in one loop."""

    alive: bool
    server: Server | None = None

    @override
    def run(self) -> None:
        everything: dict[int, Any] = {}
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(self.cfg.threads)
        servers = [self._server(one.sock, dispatcher, everything) for one in self.sockets]
        self.server = servers[0]
        while self.alive and self.ppid == os.getppid():
            self.notify()
            is_loaded = any(server.is_loaded() for server in servers)
            wasyncore.loop(
                LEFT_SECONDS if is_loaded else TICK, use_poll=True, map=everything, count=1
            )
        for server in servers:
            server.accepting = False
            server.del_channel()
            server.socket.close()
        ends = time.monotonic() + self.cfg.graceful_timeout
        while any(server.is_busy() for server in servers) and time.monotonic() < ends:
            self.notify()
            wasyncore.loop(TICK / 10, use_poll=True, map=everything, count=1)
        dispatcher.shutdown(timeout=1)

    def _server(self, sock: Any, dispatcher: Any, everything: dict[int, Any]) -> Server:  # noqa: ANN401 - of libraries without types
        adjustments = Adjustments(
            sockets=[sock],
            threads=self.cfg.threads,
            ident=None,
            backlog=self.cfg.backlog,
            connection_limit=CONNECTIONS,
            channel_timeout=self.cfg.keepalive,
            cleanup_interval=int(HEADER_SECONDS / 5),
            max_request_body_size=LARGEST,
            recv_bytes=1 << 16,
            outbuf_high_watermark=AHEAD,
            # The application itself believes none but TRUSTED_PROXIES.
            clear_untrusted_proxy_headers=False,
        )
        return Server(
            self._counted(self.wsgi),
            everything,
            _sock=sock,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=(sock.family, sock.type, sock.proto, sock.getsockname()),
            bind_socket=False,
        )

    def _counted(self, site: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
        """The site; after so many requests the worker ends, and gunicorn starts a fresh one."""

        def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            self.nr += 1
            if self.nr >= self.max_requests and self.alive:
                self.log.info("Autorestarting worker after current request.")
                self.alive = False
            body = site(environ, start_response)
            if environ["REQUEST_METHOD"] != "HEAD":
                return body
            if hasattr(body, "close"):  # Django leaves the body of such an answer to the server
                body.close()
            return []

        return answer

    @override
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if self.server is not None:
            self.server.pull_trigger()
