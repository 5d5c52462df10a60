"""Which code made a checkpoint: a hash of this package's own sources."""

import hashlib
from functools import cache
from pathlib import Path


@cache
def code_version() -> str:
    """First 16 hex digits of the sha256 over all modules of ``modeling``, in path order."""
    root = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]
