"""Sending many bytes: exact length, a validator, and parts of them by HTTP ranges."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

ONE_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")
BLOCK = 1 << 20

Reader = Callable[[int, int], Iterator[bytes]]
"""Gives the bytes from a first place up to, not including, a last one."""


@dataclass(frozen=True)
class Download:
    """What is sent: its name for the person, its size in bytes and a tag of its exact content."""

    name: str
    size: int
    tag: str
    read: Reader
    content_type: str = "application/octet-stream"


def file_reader(path: Path) -> Reader:
    """Read a file in blocks."""

    def read(first: int, last: int) -> Iterator[bytes]:
        with path.open("rb") as file:
            file.seek(first)
            left = last - first
            while left > 0 and (block := file.read(min(BLOCK, left))):
                left -= len(block)
                yield block

    return read


def send_download(request: HttpRequest, download: Download) -> HttpResponseBase:
    """Answer a GET or HEAD with all of it, one range of it, or "not changed"."""
    etag = f'"{download.tag}"'
    unchanged = get_conditional_response(request, etag=etag)
    if unchanged is not None:
        return unchanged
    asked = _asked_range(request, download.size, etag)
    if asked is None:
        refused = HttpResponse(status=416)
        refused["Content-Range"] = f"bytes */{download.size}"
        return refused
    first, last = asked
    is_part = last - first != download.size
    body = iter(()) if request.method == "HEAD" else download.read(first, last)
    response = StreamingHttpResponse(
        body, status=206 if is_part else 200, content_type=download.content_type
    )
    response["Content-Length"] = str(last - first)
    response["ETag"] = etag
    response["Accept-Ranges"] = "bytes"
    disposition = content_disposition_header(True, download.name)  # noqa: FBT003 - Django's own
    response["Content-Disposition"] = disposition or "attachment"
    if is_part:
        response["Content-Range"] = f"bytes {first}-{last - 1}/{download.size}"
    return response


def _asked_range(request: HttpRequest, size: int, etag: str) -> tuple[int, int] | None:
    """First and last byte of what to send; None if the range is outside the file."""
    whole = 0, size
    found = ONE_RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if found is None or request.headers.get("If-Range", etag) != etag:
        return whole
    start, end = found.groups()
    if not start:
        return (max(0, size - int(end)), size) if end and int(end) else whole
    if int(start) >= size:
        return None
    last = min(int(end) + 1, size) if end else size
    return (int(start), last) if last > int(start) else whole
