"""Stored files that are whole or not there; `settings.STORAGES` names it."""

import contextlib
import secrets
from pathlib import Path
from typing import IO, Any

from django.core.files.storage import FileSystemStorage
from typing_extensions import override

PART = ".part"


class WholeFileStorage(FileSystemStorage):
    """Files in a folder, written next to their place and moved there when complete.

    A full disk or a killed process then leaves no half file under a name that a row could hold.
    """

    @override
    def save(self, name: str | None, content: IO[Any], max_length: int | None = None) -> str:
        wanted = str(name or content.name)
        draft = f"{wanted}.{secrets.token_hex(8)}{PART}"
        try:
            written = super().save(draft, content)
            stored = self.get_available_name(wanted, max_length)
            Path(self.path(written)).replace(self.path(stored))
        except BaseException:
            with contextlib.suppress(OSError):
                self.delete(draft)
            raise
        return stored
