"""Imports asked for on a page: a job that checks, then a job that writes."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from annotation_app.enums import JobKind
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, Collection, Job, User
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.collections.importing.problems import ImportSummary
from annotation_app.services.collections.importing.running import ImportOptions, import_items
from annotation_app.services.collections.importing.staging import (
    allowed_folder,
    remove_staged,
    staged_path,
    write_problems,
)
from annotation_app.services.jobs.lifecycle import create_job


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What is imported: an upload, a folder, or an uploaded table with its images in a folder.

    Attributes:
        upload: name of the staged upload; empty for a folder.
        folder: a folder below IMPORT_ROOTS; empty for an upload that brings its images.
        by_reference: the originals stay in the folder and are noted.
        campaign_id: the campaign whose tasks are planned afterwards, if any.
        name: of the uploaded file, as its owner calls it.
    """

    upload: str = ""
    folder: str = ""
    by_reference: bool = False
    campaign_id: int | None = None
    name: str = ""


def request_import(
    *, actor: User, collection: Collection, request: ImportRequest, dry_run: bool
) -> Job:
    """Ask for an import, or for the dry run that shows its errors first.

    Raises:
        InvalidInputError: if there is nothing to import, or the folder may not be read.
        ConflictError: if the same import is under way.
    """
    locate_source(request)
    if request.by_reference and not request.folder:
        raise InvalidInputError(
            _("Only files in a folder on the server can be left where they are.")
        )
    campaign = None
    if request.campaign_id is not None:
        campaign = Campaign.objects.filter(pk=request.campaign_id, collection=collection).first()
        if campaign is None:
            raise InvalidInputError(_("This campaign does not use this collection."))
    return create_job(
        kind=JobKind.IMPORT_ITEMS,
        arguments={"collection": collection.pk, "dry_run": dry_run, **asdict(request)},
        created_by=actor,
        campaign=campaign,
        dedupe_key=f"import:{collection.pk}:{request.upload}:{request.folder}"[:200],
    )


def locate_source(request: ImportRequest) -> tuple[Path, Path | None]:
    """The path to import and the folder of its images, if that is another.

    Raises:
        InvalidInputError: if one of them is missing or not allowed.
    """
    folder = allowed_folder(request.folder) if request.folder else None
    if request.upload:
        return staged_path(request.upload), folder
    if folder is None:
        raise InvalidInputError(_("Choose a file to upload, or a folder on the server."))
    return folder, None


def request_of(job: Job) -> ImportRequest:
    """What an import job was asked to import."""
    names = ("upload", "folder", "by_reference", "campaign_id", "name")
    return ImportRequest(**{name: job.arguments[name] for name in names if name in job.arguments})


def run_import_job(job: Job, progress: Callable[[int, int, str], None]) -> dict[str, Any]:
    """Run a claimed import job; safe to run again after an interruption.

    Returns:
        The counts, and the address of the page that lists the problems.
    """
    collection = Collection.objects.get(pk=job.arguments["collection"])
    request, dry_run = request_of(job), bool(job.arguments["dry_run"])
    path, images = locate_source(request)
    summary = import_items(
        path=path,
        collection=collection,
        actor=job.created_by,
        options=ImportOptions(
            by_reference=request.by_reference, dry_run=dry_run, images=images, name=request.name
        ),
        progress=progress,
    )
    write_problems(job.public_id, summary.problems)
    if not dry_run:
        _finish(job, request, summary)
    page = reverse("collection-import-report", args=[collection.slug, job.public_id])
    found = {"not_taken": summary.not_taken, "notices": summary.notices, "url": page}
    return {**summary.counts(), **found}


def _finish(job: Job, request: ImportRequest, summary: ImportSummary) -> None:
    if job.campaign is not None:
        plan_campaign(campaign=job.campaign, actor=job.created_by)
    if request.upload and not summary.has_failures:
        remove_staged(request.upload)
