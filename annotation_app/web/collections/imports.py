"""Importing on pages: choose, see every error, then import as a job."""

from pathlib import Path
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from annotation_app.enums import JobKind, JobState
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign, Collection, Item, Job
from annotation_app.policies import can_administer_campaign, can_manage_collection
from annotation_app.services.collections.importing.jobs import (
    ImportRequest,
    request_import,
    request_of,
)
from annotation_app.services.collections.importing.staging import read_problems, stage_upload
from annotation_app.services.jobs.lifecycle import UNFINISHED
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.collections.forms import ImportForm
from annotation_app.web.collections.loading import load_collection
from annotation_app.web.requests import asks_for_part, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def import_form(request: HttpRequest, slug: str) -> HttpResponse:
    """Choose what to import; answering starts the dry run."""
    collection = load_collection(request, slug, can_manage_collection)
    answers = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ImportForm(*answers, collection=collection)
    if form.is_valid():
        try:
            job = _start_check(request, collection, form)
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            return redirect("collection-import-report", slug=slug, public_id=job.public_id)
    earlier = Job.objects.filter(
        kind=JobKind.IMPORT_ITEMS, arguments__collection=collection.pk
    ).select_related("created_by")[:10]
    context = {"collection": collection, "form": form, "earlier": earlier}
    return render(request, "collections/import.html", context)


@require_safe
@login_required
def import_report(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """How far a dry run or import is, and every row that was not taken."""
    collection = load_collection(request, slug, can_manage_collection)
    job = _load_job(collection, public_id)
    if job.created_by_id != signed_in(request).pk:  # who started it has seen the files
        refuse_blind(request, Item.objects.filter(collection=collection))
    ended = job.state not in UNFINISHED
    is_part = asks_for_part(request)
    context = {
        "collection": collection,
        "job": job,
        "ended": ended,
        "succeeded": job.state == JobState.SUCCEEDED,
        "problems": read_problems(job.public_id) if ended else [],
    }
    template = "collections/_report.html" if is_part else "collections/report.html"
    return render(
        request, template, context, status=HTMX_STOP_POLLING if is_part and ended else 200
    )


@require_POST
@login_required
def import_run(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Import what a dry run has looked through."""
    collection = load_collection(request, slug, can_manage_collection)
    checked = _load_job(collection, public_id)
    _check_campaign(request, checked.campaign)
    try:
        job = request_import(
            actor=signed_in(request),
            collection=collection,
            request=request_of(checked),
            dry_run=False,
        )
    except AnnotationError as error:
        messages.warning(request, error.message)
        return redirect("collection-import-report", slug=slug, public_id=public_id)
    return redirect("collection-import-report", slug=slug, public_id=job.public_id)


def _start_check(request: HttpRequest, collection: Collection, form: ImportForm) -> Job:
    upload, campaign = form.cleaned_data["upload"], form.cleaned_data["campaign"]
    _check_campaign(request, campaign)
    return request_import(
        actor=signed_in(request),
        collection=collection,
        request=ImportRequest(
            upload=stage_upload(upload) if upload else "",
            folder=form.cleaned_data["folder"],
            by_reference=form.cleaned_data["by_reference"],
            campaign_id=campaign.pk if campaign else None,
            name=Path(upload.name).name[:200] if upload else "",
        ),
        dry_run=True,
    )


def _check_campaign(request: HttpRequest, campaign: Campaign | None) -> None:
    if campaign is not None and not can_administer_campaign(signed_in(request), campaign):
        raise Http404


def _load_job(collection: Collection, public_id: UUID) -> Job:
    return get_object_or_404(
        Job.objects.select_related("campaign", "created_by"),
        public_id=public_id,
        kind=JobKind.IMPORT_ITEMS,
        arguments__collection=collection.pk,
    )
