"""A memory-mapped cache of decoded images at the size that a backbone reads."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from typing_extensions import override

from modeling.data.pictures import UnreadablePictureError, read_picture
from modeling.data.replacing import replace_text

INDEX_FILE = "index.json"
_CHANNELS = 3
_THREADS, _PORTION = 2, 64  # with more, handing the interpreter over costs more than it gains
_SHOWN = 20


class Pixels(NamedTuple):
    """A decoded image: its size and its RGB bytes, row by row."""

    width: int
    height: int
    pixels: bytes


class Place(NamedTuple):
    """Where an image lies: its part of the cache, its first byte there, its size in pixels."""

    part: int
    offset: int
    width: int
    height: int

    @property
    def end(self) -> int:
        """The first byte after the image."""
        return self.offset + self.width * self.height * _CHANNELS


@dataclass(frozen=True, slots=True)
class Part:
    """What one process has decoded: where each image lies, and which cannot be read."""

    places: dict[str, Place]
    problems: list[tuple[Path, str]]


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
        parts = range(1 + max((place.part for place in self._index.values()), default=-1))
        self._pixels = [
            np.memmap(_pixels_file(folder, part), dtype=np.uint8, mode="r") for part in parts
        ]

    @override
    def __getstate__(self) -> Path:
        return self.folder

    def __setstate__(self, folder: Path) -> None:
        # Spawned data workers map the files again instead of receiving their bytes.
        self.__init__(folder)  # type: ignore[misc]  # re-opening is exactly what __init__ does

    def __contains__(self, path: Path) -> bool:
        return str(path) in self._index

    def read(self, path: Path) -> Image.Image:
        """The cached image of a path; ``KeyError`` if it was never added."""
        place = self._index[str(path)]
        flat = self._pixels[place.part][place.offset : place.end]
        return Image.fromarray(np.asarray(flat.reshape(place.height, place.width, _CHANNELS)))

    @staticmethod
    def is_whole(folder: Path) -> bool:
        """Whether a folder holds a cache with every pixel that its index speaks of."""
        try:
            sizes: Counter[int] = Counter()
            for place in _read_index(folder).values():
                sizes[place.part] += place.end - place.offset
            found = [_pixels_file(folder, part).stat().st_size == sizes[part] for part in sizes]
        except (OSError, ValueError, AttributeError, LookupError, TypeError):
            return False  # absent or cut short, wherever the cut may lie
        return all(found)

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
        part = decode_part(folder, sorted(set(paths)), fit=fit, progress=progress)
        require_readable([part])
        write_index(folder, [part])
        return cls(folder)


def decode_part(
    folder: Path,
    paths: Sequence[Path],
    *,
    fit: Callable[[Image.Image], Image.Image],
    number: int = 0,
    threads: int = _THREADS,
    progress: Callable[[int, int, str], None] | None = None,
) -> Part:
    """Decode the paths into a part of a cache; the cache is there once its index is."""
    folder.mkdir(parents=True, exist_ok=True)
    part = Part({}, [])
    offset, done = 0, 0
    with _pixels_file(folder, number).open("wb") as pixels:
        for portion in _decode_all(paths, fit, threads):
            for path, image in portion:
                if isinstance(image, str):
                    part.problems.append((path, image))
                    continue
                part.places[str(path)] = Place(number, offset, image.width, image.height)
                offset += pixels.write(image.pixels)
            done += len(portion)
            if progress is not None:
                progress(done, len(paths), "reading images")
    return part


def require_readable(parts: Iterable[Part]) -> None:
    """Refuse parts with images that could not be decoded, naming them all."""
    if problems := sorted(problem for part in parts for problem in part.problems):
        raise UnreadableImagesError(problems)


def write_index(folder: Path, parts: Iterable[Part]) -> None:
    """Complete a cache whose parts are all there."""
    index = {path: place for part in parts for path, place in part.places.items()}
    replace_text(folder / INDEX_FILE, json.dumps(index))


def _pixels_file(folder: Path, part: int) -> Path:
    return folder / f"pixels-{part}.bin"


def _read_index(folder: Path) -> dict[str, Place]:
    rows = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    return {key: Place(*(int(row[place]) for place in range(4))) for key, row in rows.items()}


def _decode_all(
    paths: Sequence[Path], fit: Callable[[Image.Image], Image.Image], threads: int
) -> Iterator[list[tuple[Path, Pixels | str]]]:
    """Every path with its pixels, in portions; threads decode some while one is written.

    A thread takes a whole portion, because handing over single images costs more than decoding
    small ones; and only a few portions wait, because threads may run far ahead of the disk.
    """
    portions = [paths[start : start + _PORTION] for start in range(0, len(paths), _PORTION)]
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[list[tuple[Path, Pixels | str]]]] = deque()
        for portion in portions:
            waiting.append(pool.submit(_decode_portion, portion, fit))
            if len(waiting) > 2 * threads:
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
