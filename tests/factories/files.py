"""Files as strangers send them: honest images, hostile ones, folders with a manifest."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

Colour = int | tuple[int, ...]


def make_image(
    colour: Colour = (200, 30, 60),
    *,
    size: tuple[int, int] = (12, 8),
    mode: str = "RGB",
    kind: str = "PNG",
    **options: Any,
) -> bytes:
    """An encoded image whose pixels differ from their neighbours."""
    image = Pillow.new(mode, size, colour)
    if mode in {"RGB", "RGBA", "L"}:
        image.putpixel((0, 0), 1 if mode == "L" else tuple(range(1, len(mode) + 1)))
    return encode(image, kind, **options)


def encode(image: Pillow.Image, kind: str = "PNG", **options: Any) -> bytes:
    """An image's file."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png_chunk(kind: bytes, data: bytes) -> bytes:
    """One chunk with its right checksum."""
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)


def make_png(size: tuple[int, int], depth: int, colour_type: int, rows: bytes) -> bytes:
    """A PNG from raw rows (each with its filter byte), also where the rows lie about the size."""
    header = struct.pack(">IIBBBBB", *size, depth, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def pixel_bomb() -> bytes:
    """A small PNG that says that it is 30,000 × 30,000."""
    return make_png((30_000, 30_000), 8, 2, b"\x00" * 1000)


def candidate(
    candidate_id: str, image: str, model: str = "editor-1", **extra: Any
) -> dict[str, Any]:
    """A candidate as a manifest has it."""
    return {"candidate_id": candidate_id, "model": model, "seed": 1, "image": image, **extra}


def item(item_id: str = "a", **changes: Any) -> dict[str, Any]:
    """An item as a manifest has it, with the images that `make_folder` writes."""
    values = {
        "item_id": item_id,
        "instruction": f"Do {item_id}",
        "category": "add",
        "source_dataset": "hand-made",
        "source_image": "images/source.png",
        "candidates": [
            candidate(f"{item_id}-1", "images/one.png"),
            candidate(f"{item_id}-2", "images/two.png", "editor-2"),
        ],
    }
    return values | changes


def write_images(folder: Path) -> None:
    """Write the three images that `item` names."""
    images = folder / "images"
    images.mkdir(parents=True, exist_ok=True)
    for index, name in enumerate(("source", "one", "two")):
        (images / f"{name}.png").write_bytes(make_image((40 * index, 90, 200)))


def make_folder(folder: Path, lines: Iterable[dict[str, Any] | str]) -> Path:
    """A folder with three good images and a manifest of items or raw lines."""
    write_images(folder)
    texts = (line if isinstance(line, str) else json.dumps(line) for line in lines)
    (folder / "manifest.jsonl").write_text("".join(f"{text}\n" for text in texts))
    return folder


def zip_folder(folder: Path, archive: Path, prefix: str = "") -> Path:
    """Pack a folder."""
    with zipfile.ZipFile(archive, "w") as packed:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                packed.write(path, prefix + path.relative_to(folder).as_posix())
    return archive


def zip_entries(archive: Path, entries: Sequence[tuple[zipfile.ZipInfo | str, bytes]]) -> Path:
    """Pack entries exactly as given, hostile names and all."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in entries:
            packed.writestr(name, data, compress_type=zipfile.ZIP_DEFLATED)
    return archive
