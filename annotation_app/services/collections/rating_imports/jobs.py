"""Imports of ratings asked for on a page: a job that checks, then a job that writes."""

from dataclasses import asdict, dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from analytics.tabular.reading import is_table
from annotation_app.enums import JobKind
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, Job, RatingsImport, User
from annotation_app.services.collections.importing.staging import (
    allowed_folder,
    remove_staged,
    staged_path,
    write_problems,
)
from annotation_app.services.collections.rating_imports.records import RatingsSummary
from annotation_app.services.collections.rating_imports.running import (
    RatingsOptions,
    RunContext,
    import_edit_reward_data,
    import_ratings,
)
from annotation_app.services.jobs.lifecycle import create_job
from annotation_app.services.jobs.reporting import JobReporter


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingsRequest:
    """What is imported: an uploaded ratings file, or an EditReward-Data folder on the server.

    Attributes:
        upload: name of the staged upload; empty for a folder.
        folder: below IMPORT_ROOTS; empty for an upload.
        name: what the import is called.
        declared_random: see `RatingsOptions`.
        partial: see `RatingsOptions`.
    """

    upload: str = ""
    folder: str = ""
    name: str = ""
    declared_random: bool = False
    partial: bool = False


def request_ratings_import(
    *, actor: User, campaign: Campaign, request: RatingsRequest, dry_run: bool
) -> Job:
    """Ask for an import of ratings, or for the dry run that shows its problems first.

    Raises:
        InvalidInputError: if there is nothing to import, or the folder may not be read.
        ConflictError: if the same import is under way.
    """
    if bool(request.upload) == bool(request.folder):
        raise InvalidInputError(_("Choose a file to upload, or a folder on the server."))
    if request.folder:
        allowed_folder(request.folder)
    elif not is_table(staged_path(request.upload).name):
        raise InvalidInputError(_("Ratings come as a table: .csv, .tsv, .json, .jsonl, .parquet."))
    return create_job(
        kind=JobKind.IMPORT_RATINGS,
        arguments={"campaign": campaign.pk, "dry_run": dry_run, **asdict(request)},
        created_by=actor,
        campaign=campaign,
        dedupe_key=f"ratings:{campaign.pk}:{request.upload}:{request.folder}"[:200],
    )


def ratings_request_of(job: Job) -> RatingsRequest:
    """What a job was asked to import."""
    names = ("upload", "folder", "name", "declared_random", "partial")
    return RatingsRequest(**{name: job.arguments[name] for name in names if name in job.arguments})


def run_ratings_import_job(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Run a claimed import of ratings; if interrupted, none of its ratings are stored.

    Returns:
        The counts, and the address of the page that lists the problems.
    """
    campaign = Campaign.objects.select_related("collection", "rubric").get(
        pk=job.arguments["campaign"]
    )
    page = reverse("ratings-import-report", args=[campaign.slug, job.public_id])
    done = RatingsImport.objects.filter(job=job).first()
    if done is not None:  # a crash came between the import and the job's own end
        return {**done.counts, "url": page}
    request, dry_run = ratings_request_of(job), bool(job.arguments["dry_run"])
    summary = _run(job, campaign, request, reporter)
    write_problems(job.public_id, summary.problems)
    if request.upload and not dry_run:
        remove_staged(request.upload)
    return {**summary.counts(), "notices": summary.notices, "url": page}


def _run(
    job: Job, campaign: Campaign, request: RatingsRequest, reporter: JobReporter
) -> RatingsSummary:
    options = RatingsOptions(
        name=request.name,
        dry_run=bool(job.arguments["dry_run"]),
        declared_random=request.declared_random,
        partial=request.partial,
    )
    context = RunContext(
        actor=job.created_by,
        job=job,
        progress=reporter,
        should_stop=reporter.should_stop,
    )
    if request.folder:
        return import_edit_reward_data(
            folder=allowed_folder(request.folder),
            campaign=campaign,
            options=options,
            context=context,
        )
    path = staged_path(request.upload)
    try:
        return import_ratings(path=path, campaign=campaign, options=options, context=context)
    except InvalidInputError as error:
        if "summary" in error.details:
            write_problems(job.public_id, error.details["summary"].problems)
        raise
