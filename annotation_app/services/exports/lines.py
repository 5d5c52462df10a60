"""Rows of JSON Lines files; used by every format that writes them."""

import json
from typing import Any

# JSON leaves these as they are, yet str.splitlines() and many an editor end a line at them.
SEPARATORS = {ord(sign): f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"}


def json_line(row: dict[str, Any]) -> str:
    """A row as one line of JSON for any reader, with its line break."""
    return json.dumps(row, ensure_ascii=False).translate(SEPARATORS) + "\n"
