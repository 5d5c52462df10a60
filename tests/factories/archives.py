"""ZIP archives as other systems write them: names in any bytes, methods, forms of the container."""

import json
import stat
import zipfile
from pathlib import Path
from typing import Any

from tests.factories.files import item, make_image

UTF8_FLAG = 0x800
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"
NAMES = ("source", "one", "two")


class RawName(zipfile.ZipInfo):
    """A member whose name is written in the bytes given, marked as UTF-8 or not."""

    raw: bytes
    mark: int

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile calls it so
        return self.raw, self.flag_bits | self.mark


def raw_name(raw: bytes, *, marked: bool = False) -> RawName:
    """A member of that name."""
    info = RawName(raw.hex())
    info.raw, info.mark = raw, UTF8_FLAG if marked else 0
    return info


def link_entry(name: str) -> zipfile.ZipInfo:
    """A symbolic link as ZIP archives carry them."""
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def listing(source: str, one: str, two: str, **changes: Any) -> bytes:
    """A manifest of one item whose three images have these paths."""
    row = item(**changes, source_image=source)
    row["candidates"][0]["image"], row["candidates"][1]["image"] = one, two
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"


def three_images() -> tuple[bytes, bytes, bytes]:
    """Three images of different pixels."""
    first, second, third = (make_image((40 * index, 90, 200)) for index in range(3))
    return first, second, third


def patch_headers(path: Path, *, local: int, central: int, value: int) -> Path:
    """Overwrite a 16-bit field of every header of an archive, counted from the header's start."""
    data = bytearray(path.read_bytes())
    for mark, offset in ((LOCAL, local), (CENTRAL, central)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset : at + offset + 2] = value.to_bytes(2, "little")
            at = data.find(mark, at + 1)
    path.write_bytes(bytes(data))
    return path


def hub_cache(root: Path, files: dict[str, bytes], *, name: str = "datasets--lab--edits") -> Path:
    """A snapshot of a Hugging Face cache: every file is a link into the repository's blobs."""
    repository = root / name
    snapshot, blobs = repository / "snapshots" / ("0" * 40), repository / "blobs"
    blobs.mkdir(parents=True)
    for number, (path, data) in enumerate(files.items()):
        blob = blobs / f"{number:064x}"
        blob.write_bytes(data)
        link = snapshot / path
        link.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * (len(Path(path).parts) + 1)
        link.symlink_to(f"{up}blobs/{blob.name}")
    return snapshot
