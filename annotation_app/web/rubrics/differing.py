"""What changed between two guideline versions, line by line."""

import difflib
import json
from dataclasses import dataclass

from annotation_app.models import GuidelineVersion

MARKS = {"+": "added", "-": "removed"}


@dataclass(frozen=True)
class DiffLine:
    """A line; `kind` is `added`, `removed` or empty for one that both have."""

    kind: str
    sign: str
    text: str


def differences(
    before: GuidelineVersion | None, after: GuidelineVersion
) -> list[tuple[str, list[DiffLine]]]:
    """For each text that differs, its title and the changed lines with three around them."""
    old, new = _texts(before) if before else {}, _texts(after)
    found = []
    for title in [*new, *(title for title in old if title not in new)]:
        texts = (_lines(old.get(title, "")), _lines(new.get(title, "")))
        lines = list(difflib.unified_diff(*texts, lineterm="", n=3))[2:]
        if lines:
            shown = [_line(line) for line in lines]
            found.append((title, shown))
    return found


def _lines(text: str) -> list[str]:
    # Not splitlines: it ends lines at signs that a text may hold, and drops which one it was.
    return text.replace("\r\n", "\n").split("\n") if text else []


def _line(line: str) -> DiffLine:
    if line.startswith("@@"):
        return DiffLine("", "…", "")
    return DiffLine(MARKS.get(line[0], ""), line[0], line[1:])


def _texts(version: GuidelineVersion) -> dict[str, str]:
    texts = {f"document {code}": text for code, text in version.document.items()}
    for code, words in version.wording.items():
        texts[f"wording {code}"] = json.dumps(words, ensure_ascii=False, indent=1)
    return texts
