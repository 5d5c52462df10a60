"""A site without Django: says how long a body was, or sends as many bytes as its address names."""

from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse

from annotation_app.web.serving.limits import ASKS, ORDINARY

WELCOME = "welcome"  # the word of whoever may send a long body


def application(environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > ORDINARY and WELCOME not in environ.get("QUERY_STRING", ""):
        return _answer(start_response, "403 Forbidden", b"not you")
    if environ.get(ASKS):
        return _answer(start_response, "204 No Content", b"")
    asked = environ["PATH_INFO"].strip("/")
    if asked.isdecimal():
        return _answer(start_response, "200 OK", b"x" * int(asked))
    return _answer(start_response, "200 OK", str(len(environ["wsgi.input"].read(length))).encode())


def _answer(start_response: StartResponse, status: str, body: bytes) -> list[bytes]:
    start_response(status, [("Content-Length", str(len(body))), ("Content-Type", "text/plain")])
    return [body]
