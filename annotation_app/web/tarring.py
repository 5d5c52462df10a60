"""A folder as one tar archive: laid out first, so that its size is known and parts can be sent."""

import tarfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from annotation_app.web.ranges import file_reader

BLOCK = tarfile.BLOCKSIZE
END = bytes(2 * BLOCK)
PLAIN_SIZE = 8**11  # a header of one block can record sizes below this


@dataclass(frozen=True)
class TarEntry:
    """A member: its name, its size in bytes, and where its content is."""

    name: str
    size: int
    content: Path | bytes


class TarLayout:
    """The archive of some entries, the same bytes for the same entries and moment.

    Headers are made when they are read, so that many entries take little memory.

    Args:
        entries: in the archive's order.
        modified: seconds since the epoch, written on every member.
    """

    def __init__(self, entries: Sequence[TarEntry], modified: int) -> None:
        self._entries = entries
        self._modified = modified
        sizes = (self._header_size(entry) + entry.size + _padding(entry) for entry in entries)
        self._starts = list(accumulate(sizes, initial=0))

    @property
    def size(self) -> int:
        """Bytes of the whole archive."""
        return self._starts[-1] + len(END)

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """The archive's bytes from `first` up to, not including, `last`."""
        number = max(bisect_right(self._starts, first) - 1, 0)
        while number <= len(self._entries) and self._starts[number] < last:
            place = self._starts[number]
            for part in self._parts(number):
                size = part.size if isinstance(part, TarEntry) else len(part)
                low, high = max(first - place, 0), min(last - place, size)
                if high > low:
                    yield from _content(part, low, high)
                place += size
            number += 1

    def _parts(self, number: int) -> tuple[bytes | TarEntry, ...]:
        if number == len(self._entries):
            return (END,)
        entry = self._entries[number]
        return self._header(entry), entry, bytes(_padding(entry))

    def _header_size(self, entry: TarEntry) -> int:
        is_plain = entry.name.isascii() and len(entry.name) <= tarfile.LENGTH_NAME
        return BLOCK if is_plain and entry.size < PLAIN_SIZE else len(self._header(entry))

    def _header(self, entry: TarEntry) -> bytes:
        facts = tarfile.TarInfo(entry.name)
        facts.size = entry.size
        facts.mtime = self._modified
        facts.mode = 0o644
        return facts.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _padding(entry: TarEntry) -> int:
    return -entry.size % BLOCK


def _content(part: bytes | TarEntry, low: int, high: int) -> Iterator[bytes]:
    content = part.content if isinstance(part, TarEntry) else part
    if isinstance(content, bytes):
        yield content[low:high]
    else:
        yield from file_reader(content)(low, high)
