"""How systems spell the names of files, and which file a path of a table means.

Windows writes backslashes and takes no note of case, macOS takes accents apart, old archivers
write their country's encoding and web tools percent signs; trees of files call this module.
"""

import posixpath
import re
import unicodedata
from collections.abc import Iterable
from pathlib import PurePosixPath
from urllib.parse import unquote

from annotation_app.services.images.refusals import ImageRefusedError, Refusal

ADDRESS = re.compile(r"^([a-z][a-z0-9+.-]+://|(data|file|mailto|blob):)", re.IGNORECASE)
DRIVE = re.compile(r"^[a-zA-Z]:")
LEFT_BESIDE = frozenset({".ds_store", "thumbs.db", "desktop.ini"})
# of names without a mark; the same bytes may be right in several (图片 in GB18030 is ͼƬ in UTF-8)
ENCODINGS = ("utf-8", "gb18030", "cp932", "big5", "cp949", "cp437", "cp850", "cp1252")


def is_left_beside(name: str) -> bool:
    """Whether macOS or Windows added a file to the user's own."""
    path = PurePosixPath(name)
    is_noise = path.name.lower() in LEFT_BESIDE or path.name.startswith("._")
    return is_noise or "__MACOSX" in path.parts


def spellings(raw: bytes) -> list[str]:
    """The possible readings of a name's bytes when their encoding is unknown."""
    found = []
    for encoding in ENCODINGS:
        try:
            found.append(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return list(dict.fromkeys(found))


def refuse_address(name: str) -> None:
    """Refuse a path that counts from elsewhere than the folder of its table.

    Raises:
        ImageRefusedError: with the reason.
    """
    if ADDRESS.match(name):
        raise outside(name, "is a URL; images are not fetched from other hosts")
    if DRIVE.match(name):
        raise outside(name, "begins with a Windows drive letter")


def readings(name: str) -> list[str]:
    """The paths that a written path may mean, the most literal first.

    Raises:
        ImageRefusedError: if it is a URL, contains NUL or leaves the folder.
    """
    slashed = name.replace("\\", "/")
    refuse_address(slashed)
    if "\x00" in name:
        raise outside(name.replace("\x00", "␀"), "holds NUL")
    if _climbs(slashed):
        raise outside(name, "leaves the folder with “..”")
    decoded = unquote(slashed, errors="replace").replace("\\", "/")
    paths = [name, slashed]
    if not (_climbs(decoded) or "\x00" in decoded or decoded.startswith("/")):
        paths.append(decoded)
    return list(dict.fromkeys(map(posixpath.normpath, paths)))


def _climbs(path: str) -> bool:
    return posixpath.normpath(path).split("/")[0] == ".."


def outside(name: str, why: str) -> ImageRefusedError:
    """The refusal of a path that leads out of its tree."""
    return ImageRefusedError(
        Refusal.OUTSIDE,
        f"The path “{name}” {why}.",
        "Name a file below the folder of the manifest, with forward slashes.",
    )


class NameIndex:
    """Finds names that are equal except for Unicode decomposition, case, or encoding."""

    def __init__(self) -> None:
        self._names: dict[tuple[int, str], list[str]] = {}

    def add(self, name: str, spelled: Iterable[str] = ()) -> None:
        """Take up a name, and what it may say in other encodings."""
        self._put(0, _composed(name), name)
        self._put(1, _folded(name), name)
        for other in spelled:
            self._put(2, _folded(other), name)

    def find(self, name: str) -> str | None:
        """The name that is meant; None if there is none.

        Raises:
            ImageRefusedError: if several may be.
        """
        for key in ((0, _composed(name)), (1, _folded(name)), (2, _folded(name))):
            found = self._names.get(key, [])
            if len(found) > 1:
                raise ImageRefusedError(
                    Refusal.MISSING,
                    f"The file “{name}” does not exist, but “{found[0]}” and “{found[1]}” have"
                    " similar names.",
                    "Write the path exactly as the file is named.",
                )
            if found:
                return found[0]
        return None

    def _put(self, level: int, key: str, name: str) -> None:
        names = self._names.setdefault((level, key), [])
        if name not in names:
            names.append(name)


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _folded(name: str) -> str:
    return _composed(_composed(name).casefold())
