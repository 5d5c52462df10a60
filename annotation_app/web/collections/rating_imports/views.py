"""Imports of ratings: the form, a run's report, the whole import released."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from annotation_app.enums import JobKind, JobState
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, Job
from annotation_app.policies import can_import_ratings
from annotation_app.selectors.rating.blinding import items_of
from annotation_app.services.collections.importing.staging import read_problems, stage_upload
from annotation_app.services.collections.rating_imports.jobs import (
    RatingsRequest,
    ratings_request_of,
    request_ratings_import,
)
from annotation_app.services.collections.rating_imports.releasing import release_import
from annotation_app.services.jobs.lifecycle import UNFINISHED
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.collections.rating_imports.forms import RatingsImportForm
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import asks_for_part, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def ratings_import_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Earlier imports, and the form for another; answering starts the dry run."""
    campaign = load_campaign(request, slug, can_import_ratings)
    answers = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RatingsImportForm(*answers)
    if form.is_valid():
        try:
            job = _start_check(request, campaign, form)
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            return redirect("ratings-import-report", slug=slug, public_id=job.public_id)
    context = {
        "campaign": campaign,
        "form": form,
        "imports": campaign.ratings_imports.select_related("created_by", "released_by"),
        "keys": list(campaign.rubric.dimensions.values_list("key", flat=True)),
    }
    return render(request, "collections/rating_imports/list.html", context)


@require_safe
@login_required
def ratings_import_report(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """How far a dry run or import is, and every problem it found."""
    campaign = load_campaign(request, slug, can_import_ratings)
    job = _load_job(campaign, public_id)
    if job.created_by_id != signed_in(request).pk:  # who started it has seen the files
        refuse_blind(request, items_of(campaign))
    ended = job.state not in UNFINISHED
    is_part = asks_for_part(request)
    context = {
        "campaign": campaign,
        "job": job,
        "ended": ended,
        "succeeded": job.state == JobState.SUCCEEDED,
        "problems": read_problems(job.public_id) if ended else [],
    }
    template = (
        "collections/rating_imports/_report.html"
        if is_part
        else "collections/rating_imports/report.html"
    )
    return render(
        request, template, context, status=HTMX_STOP_POLLING if is_part and ended else 200
    )


@require_POST
@login_required
def ratings_import_run(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Import what a dry run has looked through."""
    campaign = load_campaign(request, slug, can_import_ratings)
    checked = _load_job(campaign, public_id)
    try:
        job = request_ratings_import(
            actor=signed_in(request),
            campaign=campaign,
            request=replace(
                ratings_request_of(checked), partial=request.POST.get("partial") == "on"
            ),
            dry_run=False,
        )
    except AnnotationError as error:
        messages.warning(request, error.message)
        return redirect("ratings-import-report", slug=slug, public_id=public_id)
    return redirect("ratings-import-report", slug=slug, public_id=job.public_id)


@require_POST
@login_required
def ratings_import_release(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Take a whole import out of the count."""
    campaign = load_campaign(request, slug, can_import_ratings)
    record = get_object_or_404(campaign.ratings_imports, public_id=public_id)
    try:
        number = release_import(
            record=record,
            actor=signed_in(request),
            reason=request.POST.get("reason", "").strip(),
            now=timezone.now(),
        )
    except AnnotationError as error:
        messages.warning(request, error.message)
    else:
        text = ngettext("%(n)s rating was released.", "%(n)s ratings were released.", number)
        messages.success(request, text % {"n": number})
    return redirect("ratings-imports", slug=slug)


def _start_check(request: HttpRequest, campaign: Campaign, form: RatingsImportForm) -> Job:
    upload, folder = form.cleaned_data["upload"], form.cleaned_data["folder"]
    return request_ratings_import(
        actor=signed_in(request),
        campaign=campaign,
        request=RatingsRequest(
            upload=stage_upload(upload) if upload else "",
            folder=folder,
            name=Path(upload.name).name[:200] if upload else Path(folder).name,
            declared_random=form.cleaned_data["declared_random"],
        ),
        dry_run=True,
    )


def _load_job(campaign: Campaign, public_id: UUID) -> Job:
    jobs = Job.objects.select_related("campaign", "created_by")
    return get_object_or_404(
        jobs, public_id=public_id, kind=JobKind.IMPORT_RATINGS, campaign=campaign
    )
