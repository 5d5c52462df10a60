"""A real reverse proxy on this machine, which adds the address it was called from."""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

from typing_extensions import override

HEADER = "X-Forwarded-For"
PER_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


@contextmanager
def reverse_proxy(upstream: str, *, source: str = "127.0.0.1") -> Iterator[str]:
    """Run a proxy in front of a server; yields its address.

    Args:
        upstream: where it hands requests on to.
        source: the loopback address from which it calls there.
    """
    goal = urlsplit(upstream).netloc

    class Handler(BaseHTTPRequestHandler):
        def _pass_on(self) -> None:
            size = int(self.headers.get("Content-Length", 0))
            headers = {name: value for name, value in self.headers.items() if name != HEADER}
            said = self.headers.get_all(HEADER, [])
            headers[HEADER] = ", ".join([*said, self.client_address[0]])
            headers["Connection"] = "close"
            server = http.client.HTTPConnection(goal, timeout=30, source_address=(source, 0))
            server.request(self.command, self.path, self.rfile.read(size), headers)
            answer = server.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in PER_HOP:
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            server.close()

        do_GET = do_POST = _pass_on  # noqa: N815 - the library's names

        @override
        def log_message(self, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
