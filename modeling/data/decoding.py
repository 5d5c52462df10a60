"""Decoding the images of a cache, each process its own part of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from PIL import Image

from modeling.data.errors import counted
from modeling.data.pictures import UnreadablePictureError, read_picture

CHANNELS = 3
_THREADS, _PORTION = 2, 64  # with more, handing the interpreter over costs more than it gains
_SHOWN = 20
_UNLISTED: Mapping[Path, str] = MappingProxyType({})


class Pixels(NamedTuple):
    """A decoded image: its size and its RGB bytes, row by row."""

    width: int
    height: int
    pixels: bytes


class Place(NamedTuple):
    """The location of an image: its part of the cache, its first byte there, its size in pixels."""

    part: int
    offset: int
    width: int
    height: int

    @property
    def end(self) -> int:
        """The first byte after the image."""
        return self.offset + self.width * self.height * CHANNELS


@dataclass(frozen=True, slots=True)
class Part:
    """The images one process has decoded: where each image is, and which cannot be read."""

    places: dict[str, Place]
    problems: list[tuple[Path, str]]


class UnreadableImagesError(ValueError):
    """Images that could not be decoded, each with its reason."""

    def __init__(self, problems: Sequence[tuple[Path, str]]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(reason for _, reason in self.problems[:_SHOWN])
        rest = len(self.problems) - _SHOWN
        more = f"\n… and {rest} more" if rest > 0 else ""
        super().__init__(f"{counted(len(self.problems), 'image')} cannot be read:\n{shown}{more}")


def decode_part(
    folder: Path,
    paths: Sequence[Path],
    *,
    fit: Callable[[Image.Image], Image.Image],
    listed: Mapping[Path, str] = _UNLISTED,
    number: int = 0,
    progress: Callable[[int, int, str], None] | None = None,
) -> Part:
    """Decode the paths into a part of a cache; the cache is there once its index is.

    ``listed`` has the sha256 of the files that a manifest vouches for; others are taken as found.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = Part({}, [])
    offset, done = 0, 0
    with pixels_file(folder, number).open("wb") as pixels:
        for portion in _decode_all(paths, partial(_decode, fit=fit, listed=listed)):
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


def pixels_file(folder: Path, part: int) -> Path:
    """Where the pixels of a part lie."""
    return folder / f"pixels-{part}.bin"


def _decode_all(
    paths: Sequence[Path], decode: Callable[[Path], Pixels | str]
) -> Iterator[list[tuple[Path, Pixels | str]]]:
    """Every path with its pixels, in portions; threads decode some while one is written.

    A thread takes a whole portion, because handing over single images costs more than decoding
    small ones; and only a few portions wait, because threads may run far ahead of the disk.
    """
    portions = [paths[start : start + _PORTION] for start in range(0, len(paths), _PORTION)]
    with ThreadPoolExecutor(_THREADS) as pool:
        waiting: deque[Future[list[tuple[Path, Pixels | str]]]] = deque()
        for portion in portions:
            waiting.append(pool.submit(_decode_portion, portion, decode))
            if len(waiting) > 2 * _THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _decode_portion(
    paths: Sequence[Path], decode: Callable[[Path], Pixels | str]
) -> list[tuple[Path, Pixels | str]]:
    return [(path, decode(path)) for path in paths]


def _decode(
    path: Path, *, fit: Callable[[Image.Image], Image.Image], listed: Mapping[Path, str]
) -> Pixels | str:
    """The fitted image, or why it cannot be read."""
    try:
        image = fit(read_picture(path, sha256=listed.get(path)))
    except UnreadablePictureError as error:
        return str(error)
    except ValueError as error:  # a shape that the backbone cannot take, such as 1 × 500
        return f"{path}: {error}"
    return Pixels(image.width, image.height, image.tobytes())
