"""Files on their way in: uploads kept until they are imported, folders that may be chosen."""

import json
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.utils.translation import gettext as _

from analytics.tabular.reading import SUFFIXES
from analytics.tabular.rows import RowProblem
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.services.collections.importing.packing import archive_kind

UPLOADED = frozenset({".zip", *SUFFIXES})
KEPT_SECONDS = 7 * 24 * 3600  # of an upload that was never imported
OFFERED = 300  # folders in the list
DEPTH = 2  # levels below a root


def stage_upload(file: File[bytes]) -> str:
    """Keep an uploaded file under a name of our own.

    Returns:
        The name to import it by, relative to the staging folder.

    Raises:
        InvalidInputError: if it is of another kind, or too large.
    """
    suffix = Path(file.name or "").suffix.lower()
    if archive_kind(file.name or ""):
        raise InvalidInputError(
            _(
                "%(file)s is an archive, but not a ZIP archive. Unpack it and pack the "
                "folder as a ZIP archive."
            )
            % {"file": file.name}
        )
    if suffix not in UPLOADED:
        raise InvalidInputError(_("Upload a .zip or a table: CSV, TSV, JSON, JSONL or Parquet."))
    if file.size > settings.UPLOAD_MAX_BYTES:
        raise InvalidInputError(
            _(
                "The file has %(size)s bytes; the limit is %(limit)s. Put it in a "
                "folder on the server instead."
            )
            % {"size": f"{file.size:,}", "limit": f"{settings.UPLOAD_MAX_BYTES:,}"}
        )
    return _keep(file, suffix)


def stage_text(file: File[bytes]) -> str:
    """Keep an uploaded text under any file extension; the caller must check its size."""
    return _keep(file, ".txt")


def _keep(file: File[bytes], suffix: str) -> str:
    remove_stale()
    name = f"{secrets.token_hex(16)}/upload{suffix}"
    path = _root() / name
    path.parent.mkdir(parents=True)
    try:
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
    except BaseException:  # a full disk: half an upload would only take more of it
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return name


def staged_path(name: str) -> Path:
    """The path of a staged upload.

    Raises:
        InvalidInputError: if it is gone.
    """
    path = (_root() / name).resolve()
    if not path.is_relative_to(_root().resolve()) or not path.is_file():
        raise InvalidInputError(_("The uploaded file is no longer there. Upload it again."))
    return path


def remove_staged(name: str) -> None:
    """Forget an upload that was imported."""
    shutil.rmtree(staged_path(name).parent, ignore_errors=True)


@contextmanager
def staged_for_job(name: str) -> Iterator[str]:
    """Forget the upload again if the job that is to read it is refused inside."""
    try:
        yield name
    except ConflictError:
        remove_staged(name)
        raise


def remove_stale() -> None:
    """Forget uploads and reports older than a week."""
    limit = time.time() - KEPT_SECONDS
    for entry in _root().glob("*/*"):
        if entry.stat().st_mtime < limit:
            entry.unlink(missing_ok=True)
    for folder in _root().glob("*"):
        if folder.name != "reports" and not any(folder.iterdir()):
            folder.rmdir()


def offered_folders() -> list[str]:
    """The folders that an admin may choose: the operator's IMPORT_ROOTS and two levels below."""
    found: list[str] = []
    for root in _import_roots():
        pattern = ["", *("/".join("*" * level) for level in range(1, DEPTH + 1))]
        for part in pattern:
            paths = root.glob(part) if part else [root]
            found += [str(path) for path in paths if path.is_dir()]
    return sorted(set(found))[:OFFERED]


def allowed_folder(text: str) -> Path:
    """A folder below one of the operator's IMPORT_ROOTS.

    Raises:
        InvalidInputError: if it is not there, or not below one of them.
    """
    path = Path(text).resolve()
    if not any(path.is_relative_to(root) for root in _import_roots()):
        raise InvalidInputError(_("This folder is not inside one of the operator's import roots."))
    if not path.is_dir():
        raise InvalidInputError(_("The folder %(path)s does not exist.") % {"path": path})
    return path


def write_problems(job_id: UUID, problems: Iterable[RowProblem]) -> None:
    """Keep a job's list of problems next to the uploads."""
    path = _report(job_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(json.dumps(asdict(problem)) + "\n" for problem in problems))
    fresh.replace(path)


def read_problems(job_id: UUID) -> list[dict[str, Any]]:
    """The list of problems of a job; empty if there is none any more."""
    path = _report(job_id)
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _report(job_id: UUID) -> Path:
    return _root() / "reports" / f"{job_id}.jsonl"


def _root() -> Path:
    return Path(settings.IMPORT_STAGING_ROOT)


def _import_roots() -> list[Path]:
    return [Path(root).resolve() for root in settings.IMPORT_ROOTS]
