"""The site's server as script/Procfile starts it, with one worker of two threads."""

import http.client
import os
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from waitress.adjustments import Adjustments

from annotation_app.web.serving import limits
from annotation_app.web.serving.channels import Channel
from benchmarks.installation import free_port

CHECKOUT = Path(__file__).resolve().parents[4]
SLOW = 24  # a dozen for each thread
HEAD = b"POST /a HTTP/1.1\r\nHost: here\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\nlogin=a"
STALLED = {
    "body": HEAD % (b"application/x-www-form-urlencoded", 1000),
    "multipart": HEAD % (b"multipart/form-data; boundary=x", 1000),
    "long body": HEAD % (b"application/octet-stream", limits.ORDINARY * 2),
    "head": b"GET / HTTP/1.1\r\nHost: he",
    "nothing": b"",
    "chunk": b"POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nlogin",
    "answer not taken": b"GET /3000000 HTTP/1.1\r\nHost: here\r\n\r\n",
}


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    line = (CHECKOUT / "script" / "Procfile").read_text().partition("\nweb: exec ")[2]
    command = shlex.split(
        line.partition("\n")[0].replace("annotation_app.wsgi", "tests.factories.plain_site")
    )
    number = free_port()
    values = {"$PORT": str(number), "${WEB_WORKERS:-4}": "1", "${WEB_THREADS:-2}": "2"}
    for name, value in values.items():
        command = [word.replace(name, value) for word in command]
    paths = os.pathsep.join([str(CHECKOUT), *filter(None, [os.environ.get("PYTHONPATH")])])
    with subprocess.Popen(
        [sys.executable, "-m", "gunicorn", *command[1:], "--no-control-socket"],
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        try:
            wait_until(lambda: is_listening(number))
            yield number
        finally:
            process.terminate()


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends
        time.sleep(0.05)


def ask(port: int, *, body: bytes = b"", path: str = "/a") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", path, body)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


@pytest.mark.parametrize("sent", STALLED.values(), ids=STALLED.keys())
def test_clients_that_stop_in_the_middle_keep_nobody_else_waiting(port: int, sent: bytes) -> None:
    stalled = [socket.create_connection(("127.0.0.1", port)) for _ in range(SLOW)]
    for one in stalled:
        one.sendall(sent)
    assert [ask(port, body=b"12345") for _ in range(4)] == [(200, b"5")] * 4
    for one in stalled:
        one.close()


def test_an_answer_to_head_has_the_length_of_the_body_and_no_body(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for _ in range(2):  # a body would be taken for the second answer
        connection.request("HEAD", "/3000")
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Content-Length"], answer.read()) == (
            200,
            "3000",
            b"",
        )
    connection.close()


def test_a_long_body_is_not_received_before_the_site_has_said_that_it_may_come(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(STALLED["long body"])
        assert client.recv(100).startswith(b"HTTP/1.1 403 ")
    whole = b"x" * (limits.ORDINARY + 1)
    assert ask(port, body=whole, path="/a?welcome") == (200, str(len(whole)).encode())


def test_a_body_in_chunks_ends_where_an_ordinary_one_does(port: int) -> None:
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(
            b"POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk
        )
        client.sendall(b"0\r\n\r\n")
        answer = http.client.HTTPResponse(client)
        answer.begin()
        assert answer.read() == b"1048576"
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(b"POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.sendall(chunk * 3)
        assert client.recv(100).startswith(b"HTTP/1.1 413 ")


def test_a_request_has_ten_seconds_for_its_head_and_a_rate_for_its_body() -> None:
    channel = Channel.__new__(Channel)
    parser = Channel.parser_class(Adjustments())
    channel.timed, channel.began = parser, 1000.0
    assert not channel.is_overdue(1009.0)
    assert channel.is_overdue(1011.0)
    parser.headers_finished = True
    assert not channel.is_overdue(1019.0)
    assert channel.is_overdue(1021.0)
    parser.body_bytes_received = 4_000_000  # at 1000 bytes a second, 4000 seconds more
    assert not channel.is_overdue(5019.0)
    assert channel.is_overdue(5021.0)
