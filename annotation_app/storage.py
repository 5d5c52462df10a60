"""Stored files that are whole or not there; `settings.STORAGES` names it."""

import contextlib
import secrets
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from typing_extensions import override

PART = ".part"


class WholeFileStorage(FileSystemStorage):
    """Files in a folder, written beside their place and moved there when all is written.

    A full disk or a killed process then leaves no half file under a name that a row could hold.
    """

    @override
    def _save(self, name: str, content: File[bytes]) -> str:
        draft = f"{name}.{secrets.token_hex(8)}{PART}"
        try:
            super()._save(draft, content)
            stored = self.get_available_name(name)
            Path(self.path(draft)).replace(self.path(stored))
        except BaseException:
            with contextlib.suppress(OSError):
                self.delete(draft)
            raise
        return stored
