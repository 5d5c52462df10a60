"""A folder as one tar archive: laid out first, so that its size is known and parts can be sent."""

import tarfile
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from annotation_app.web.ranges import file_reader

BLOCK = tarfile.BLOCKSIZE


@dataclass(frozen=True)
class TarEntry:
    """A member: its name, its size in bytes, and where its content is."""

    name: str
    size: int
    content: Path | bytes


class TarLayout:
    """The archive of some entries, the same bytes for the same entries and moment.

    Args:
        entries: in the archive's order.
        modified: seconds since the epoch, written on every member.
    """

    def __init__(self, entries: Sequence[TarEntry], modified: int) -> None:
        self._parts: list[Path | bytes] = []
        sizes: list[int] = []
        for entry in entries:
            header = _header(entry, modified)
            padding = bytes(-entry.size % BLOCK)
            self._parts += [header, entry.content, padding]
            sizes += [len(header), entry.size, len(padding)]
        self._parts.append(bytes(2 * BLOCK))
        sizes.append(2 * BLOCK)
        self._starts = list(accumulate(sizes, initial=0))

    @property
    def size(self) -> int:
        """Bytes of the whole archive."""
        return self._starts[-1]

    def read(self, first: int, last: int) -> Iterator[bytes]:
        """The archive's bytes from `first` up to, not including, `last`."""
        number = max(bisect_right(self._starts, first) - 1, 0)
        while number < len(self._parts) and self._starts[number] < last:
            start, end = self._starts[number], self._starts[number + 1]
            low, high = max(first, start) - start, min(last, end) - start
            part = self._parts[number]
            if high > low:
                if isinstance(part, bytes):
                    yield part[low:high]
                else:
                    yield from file_reader(part)(low, high)
            number += 1


def _header(entry: TarEntry, modified: int) -> bytes:
    facts = tarfile.TarInfo(entry.name)
    facts.size = entry.size
    facts.mtime = modified
    facts.mode = 0o644
    return facts.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")
