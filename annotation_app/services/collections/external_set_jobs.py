"""Lists of hashes on their way in: kept when they arrive, read by a job.

Reading the largest takes seconds and memory that no web process has to spare.
"""

from pathlib import PurePosixPath
from typing import Any

from django.core.files.base import File
from django.urls import reverse
from django.utils.translation import gettext as _

from annotation_app.enums import JobKind
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Collection, ExternalSet, Job, User
from annotation_app.services.collections.external_sets import (
    LARGEST,
    add_external_set,
    check_name,
    read_hashes,
)
from annotation_app.services.collections.importing.staging import (
    remove_staged,
    stage_text,
    staged_for_job,
    staged_path,
)
from annotation_app.services.jobs.lifecycle import create_job
from annotation_app.services.jobs.reporting import JobReporter


def request_external_set(
    *, collection: Collection, name: str, file: File[bytes], created_by: User
) -> Job:
    """Keep a list of hashes and ask for its reading.

    Raises:
        InvalidInputError: if the name is empty or too long, or the file too large.
        ConflictError: if the collection has a set of that name, or one is just being read.
    """
    name = check_name(collection=collection, name=name)
    if (file.size or 0) > LARGEST:
        raise InvalidInputError(_("A list has at most 64 MB."))
    with staged_for_job(stage_text(file)) as upload:
        return create_job(
            kind=JobKind.IMPORT_EXTERNAL_SET,
            arguments={
                "collection": collection.pk,
                "name": name,
                "upload": upload,
                "file": PurePosixPath(file.name or "").name[:200],
            },
            created_by=created_by,
            dedupe_key=f"external:{collection.pk}:{name}"[:200],
        )


def run_external_set_job(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Read the list that a job names and keep it; safe to run again after a crash.

    Raises:
        InvalidInputError: if it is not a list of hashes.
        ConflictError: if another set took the name meanwhile.
    """
    given = job.arguments
    collection = Collection.objects.get(pk=given["collection"])
    path = staged_path(given["upload"])
    reporter(0, 0, given["file"])
    with path.open(encoding="utf-8", errors="replace") as lines:
        hashes = read_hashes(lines)
    kept = ExternalSet.objects.filter(
        collection=collection, name=given["name"], hashes=hashes, created_at__gte=job.created_at
    )
    if not kept.exists():  # else an earlier attempt died between keeping it and saying so
        add_external_set(
            collection=collection, name=given["name"], hashes=hashes, actor=job.created_by
        )
    remove_staged(given["upload"])
    return {
        "hashes": len(hashes),
        "url": reverse("collection-external-sets", args=[collection.slug]),
    }
