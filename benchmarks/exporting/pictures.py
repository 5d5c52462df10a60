"""Picture files that weigh as much as photographs do."""

import io

import numpy as np
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image as Picture


def paint_files(number: int, side: int) -> dict[str, int]:
    """Store noisy pictures as lossless WebP; their names and sizes in bytes."""
    rng = np.random.default_rng(7)
    stored = {}
    for place in range(number):
        noise = rng.integers(0, 256, (side, side, 3), dtype=np.uint8)
        buffer = io.BytesIO()
        Picture.fromarray(noise // 2 + 64).save(buffer, "WEBP", lossless=True, method=0)
        name = default_storage.save(f"images/bench-{place}.webp", ContentFile(buffer.getvalue()))
        stored[name] = buffer.tell()
    return stored
