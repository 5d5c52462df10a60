"""Choosing a loopback port, and asking whether the site answers on one."""

import http.client
import socket

HOST = "127.0.0.1"
FIRST = 8000
TRIES = 50
FIRST_SERVER_ERROR = 500


def choose_port(wanted: int | None) -> int:
    """The wanted port if it is free, or the first free one from 8000 on.

    Raises:
        OSError: it is taken, or all of them are.
    """
    candidates = [wanted] if wanted else range(FIRST, FIRST + TRIES)
    for port in candidates:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    message = f"port {wanted or FIRST} is taken by another program; choose one with --port"
    raise OSError(message)


def answers(port: int) -> bool:
    """Whether the site answers an HTTP request there, with any status below 500."""
    connection = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        connection.request("GET", "/accounts/login/")
        return connection.getresponse().status < FIRST_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
