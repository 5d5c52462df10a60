"""An image cache for tests, as one process builds it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image

from modeling.data import ImageCache
from modeling.data.decoding import decode_part, require_readable
from modeling.data.images import write_index


def build_cache(
    folder: Path,
    paths: Sequence[Path],
    fit: Callable[[Image.Image], Image.Image] = lambda image: image,
) -> ImageCache:
    """Decode the paths; ``UnreadableImagesError`` names those that cannot be."""
    part = decode_part(folder, sorted(set(paths)), fit=fit)
    require_readable([part])
    write_index(folder, [part])
    return ImageCache(folder)
