"""Bodies that try to pass the limits, sent to a real gunicorn over a socket."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from tests.architecture.source_tree import CHECKOUT

PIECE = b"10000\r\n" + b"a" * 0x10000 + b"\r\n"
LAST = b"0\r\n\r\n"
DOORS = ("/accounts/login/", "/api/campaigns/a/datasets/", "/collections/a/external-sets/")


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A gunicorn as an installation starts it, but for one worker."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "annotation_app.wsgi:application"]
    options = ["--bind", f"127.0.0.1:{number}", "--threads", "2", "--keep-alive", "130"]
    server = subprocess.Popen(
        [*command, *options],
        cwd=CHECKOUT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "annotation_app.settings.test"},
    )
    until = time.monotonic() + 60
    while not answers(number) and server.poll() is None and time.monotonic() < until:
        time.sleep(0.1)
    yield number
    server.send_signal(signal.SIGTERM)
    server.wait()


def answers(number: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", number)) == 0


def ask(port: int, door: str, header: str, body: Iterator[bytes]) -> tuple[bytes, int]:
    """The answer's first line, and how many bytes of a body were taken until the server hung up."""
    head = f"POST {door} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{header}"
    sent = 0
    with socket.create_connection(("127.0.0.1", port), timeout=30) as server:
        server.sendall(f"{head}\r\n\r\n".encode())
        answer = server.recv(4096)
        try:
            for piece in body:
                server.sendall(piece)
                sent += len(piece)
        except OSError:
            pass
    return answer.partition(b"\r\n")[0], sent


@pytest.mark.parametrize("door", DOORS)
def test_a_body_in_chunks_is_asked_for_its_length_and_not_read_to_its_end(port, door):
    endless = (PIECE for _ in range(2000))
    line, sent = ask(port, door, "Transfer-Encoding: chunked", endless)
    assert b" 411 " in line
    assert sent < 16 << 20  # of 131 MB: what fits into the buffers on the way
    line, _ = ask(port, door, "Transfer-Encoding: chunked", iter([PIECE, LAST]))
    assert b" 411 " in line


@pytest.mark.parametrize("door", DOORS)
def test_a_body_that_says_it_is_too_long_is_not_read_to_its_end(port, door):
    endless = (PIECE for _ in range(2000))
    line, sent = ask(port, door, f"Content-Length: {200 << 20}", endless)
    assert b" 413 " in line
    assert sent < 16 << 20


def test_a_length_beside_chunks_and_a_length_of_letters_are_refused(port):
    for header in (
        "Transfer-Encoding: chunked\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: abc",
        "Content-Length: -1",
    ):
        line, _ = ask(port, DOORS[1], header, iter([b"{}"]))
        assert b" 400 " in line, header
