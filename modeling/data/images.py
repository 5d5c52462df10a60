"""A memory-mapped cache of decoded images at the size that a backbone reads."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from PIL import Image
from typing_extensions import override

from imaging.showing import POLICY
from modeling.data.decoding import CHANNELS, Part, Place, pixels_file
from modeling.data.replacing import replace_text

INDEX_FILE = "index.json"


class ImageCache:
    """Images of one data set, decoded once, shared by all data workers through the page cache."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._index = _read_index(folder)
        self._pixels = {
            part: np.memmap(pixels_file(folder, part), dtype=np.uint8, mode="r")
            for part in {place.part for place in self._index.values()}
        }

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
        return Image.fromarray(np.asarray(flat.reshape(place.height, place.width, CHANNELS)))

    @staticmethod
    def is_whole(folder: Path) -> bool:
        """Whether a folder has a cache with every pixel that its index lists."""
        try:
            sizes: Counter[int] = Counter()
            for place in _read_index(folder).values():
                sizes[place.part] += place.end - place.offset
            found = [pixels_file(folder, part).stat().st_size == sizes[part] for part in sizes]
        except (OSError, ValueError, AttributeError, LookupError, TypeError):
            return False  # absent or cut short, wherever the cut may lie
        return all(found)


def drop_index(folder: Path) -> None:
    """Delete the index of a cache to be rewritten, so that a partial one does not look complete."""
    (folder / INDEX_FILE).unlink(missing_ok=True)


def write_index(folder: Path, parts: Iterable[Part]) -> None:
    """Complete a cache whose parts are all there."""
    index = {path: place for part in parts for path, place in part.places.items()}
    replace_text(folder / INDEX_FILE, json.dumps(index))


def _read_index(folder: Path) -> dict[str, Place]:
    rows = json.loads((folder / INDEX_FILE).read_text(encoding="utf-8"))
    return {key: Place(*(int(row[place]) for place in range(4))) for key, row in rows.items()}


def cache_key(paths: Iterable[Path], description: str, listed: Mapping[Path, str]) -> str:
    """A name for the cache of these files at one backbone's size.

    It changes when a file does, or the way of decoding. A file that a manifest lists is known by
    its sha256, which decoding checks; another by its size and the time of its last change.
    """
    digest = hashlib.sha256(f"{POLICY}\0{description}".encode())
    for path in sorted(set(paths)):
        digest.update(f"{path}\0{listed.get(path) or _last_change(path)}\n".encode())
    return digest.hexdigest()[:24]


def _last_change(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size}\0{status.st_mtime_ns}"
