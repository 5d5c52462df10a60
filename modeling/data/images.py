"""A memory-mapped cache of decoded images at the size that a backbone reads."""

from __future__ import annotations

import hashlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from typing_extensions import override

from modeling.data.pictures import UnreadablePictureError, read_picture
from modeling.data.replacing import replace_text

INDEX_FILE, PIXELS_FILE = "index.json", "pixels.bin"
_CHANNELS = 3
_THREADS, _PORTION = 2, 64  # with more, handing the interpreter over costs more than it gains
_AHEAD = 2 * _THREADS  # portions decoded before one is written
_SHOWN = 20


class Pixels(NamedTuple):
    """A decoded image: its size and its RGB bytes, row by row."""

    width: int
    height: int
    pixels: bytes


class UnreadableImagesError(ValueError):
    """Images that could not be decoded, each with its reason."""

    def __init__(self, problems: Sequence[tuple[Path, str]]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(reason for _, reason in self.problems[:_SHOWN])
        rest = len(self.problems) - _SHOWN
        more = f"\n… and {rest} more" if rest > 0 else ""
        super().__init__(f"{len(self.problems)} images cannot be read:\n{shown}{more}")


class ImageCache:
    """Images of one data set, decoded once, shared by all data workers through the page cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = _read_index(folder)
        self._pixels = np.memmap(folder / PIXELS_FILE, dtype=np.uint8, mode="r")

    @override
    def __getstate__(self) -> Path:
        return self.folder

    def __setstate__(self, folder: Path) -> None:
        # Spawned data workers map the file again instead of receiving its bytes.
        self.__init__(folder)  # type: ignore[misc]  # re-opening is exactly what __init__ does

    def __contains__(self, path: Path) -> bool:
        return str(path) in self._index

    def read(self, path: Path) -> Image.Image:
        """The cached image of a path; ``KeyError`` if it was never added."""
        offset, width, height = self._index[str(path)]
        size = width * height * _CHANNELS
        rows = self._pixels[offset : offset + size].reshape(height, width, _CHANNELS)
        return Image.fromarray(np.asarray(rows))

    @staticmethod
    def is_whole(folder: Path) -> bool:
        """Whether a folder holds a cache with every pixel that its index speaks of."""
        try:
            index = _read_index(folder)
            size = (folder / PIXELS_FILE).stat().st_size
        except (OSError, ValueError, AttributeError, LookupError, TypeError):
            return False  # absent or cut short, wherever the cut may lie
        return size == sum(width * height * _CHANNELS for _, width, height in index.values())

    @classmethod
    def build(
        cls,
        folder: Path,
        paths: Iterable[Path],
        *,
        fit: Callable[[Image.Image], Image.Image],
        progress: Callable[[int, int, str], None] | None = None,
    ) -> ImageCache:
        """Decode every path once into ``folder``; ``UnreadableImagesError`` names the bad ones."""
        folder.mkdir(parents=True, exist_ok=True)
        wanted = sorted(set(paths))
        index: dict[str, tuple[int, int, int]] = {}
        problems: list[tuple[Path, str]] = []
        offset, done = 0, 0
        with (folder / PIXELS_FILE).open("wb") as pixels:
            for portion in _decode_all(wanted, fit):
                for path, image in portion:
                    if isinstance(image, str):
                        problems.append((path, image))
                        continue
                    index[str(path)] = (offset, image.width, image.height)
                    offset += pixels.write(image.pixels)
                done += len(portion)
                if progress is not None:
                    progress(done, len(wanted), "reading images")
        if problems:
            raise UnreadableImagesError(problems)
        replace_text(folder / INDEX_FILE, json.dumps(index))
        return cls(folder)


def _read_index(folder: Path) -> dict[str, tuple[int, int, int]]:
    """Offset, width and height of each path's pixels."""
    rows = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    return {key: (int(row[0]), int(row[1]), int(row[2])) for key, row in rows.items()}


def _decode_all(
    paths: Sequence[Path], fit: Callable[[Image.Image], Image.Image]
) -> Iterator[list[tuple[Path, Pixels | str]]]:
    """Every path with its pixels, in portions; threads decode some while one is written.

    A thread takes a whole portion, because handing over single images costs more than decoding
    small ones; and only a few portions wait, because threads may run far ahead of the disk.
    """
    portions = [paths[start : start + _PORTION] for start in range(0, len(paths), _PORTION)]
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting: deque[Future[list[tuple[Path, Pixels | str]]]] = deque()
        for portion in portions:
            waiting.append(pool.submit(_decode_portion, portion, fit))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _decode_portion(
    paths: Sequence[Path], fit: Callable[[Image.Image], Image.Image]
) -> list[tuple[Path, Pixels | str]]:
    return [(path, _decode(path, fit)) for path in paths]


def _decode(path: Path, fit: Callable[[Image.Image], Image.Image]) -> Pixels | str:
    """The fitted image, or why it cannot be read."""
    try:
        image = fit(read_picture(path))
    except UnreadablePictureError as error:
        return str(error)
    except ValueError as error:  # a shape that the backbone cannot take, such as 1 × 500
        return f"{path}: {error}"
    return Pixels(image.width, image.height, image.tobytes())


def cache_key(paths: Iterable[Path], description: str) -> str:
    """A name for the cache of these files at one backbone's size; changes when a file does."""
    digest = hashlib.sha256(description.encode())
    for path in sorted(set(paths)):
        status = path.stat()
        digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:24]
