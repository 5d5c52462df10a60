"""Asking for a dataset version, stopping its job, and going on with it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from annotation_app.exceptions import AnnotationError
from annotation_app.models import Job
from annotation_app.policies import can_export, can_see_results
from annotation_app.policies.jobs import can_control_job
from annotation_app.selectors.rating.blinding import items_of, why_blind
from annotation_app.services.exports.guards.preview import preview_version
from annotation_app.services.exports.versions import request_dataset
from annotation_app.services.jobs.lifecycle import request_cancel, retry_job
from annotation_app.web.blinding import refuse_blind
from annotation_app.web.exports.forms import DatasetForm
from annotation_app.web.exports.loading import load_version
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def dataset_new(request: HttpRequest, slug: str) -> HttpResponse:
    """The options of a new version; submitting requests it, or previews its contents."""
    campaign = load_campaign(request, slug, can_export)
    form = DatasetForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"campaign": campaign, "tab": "datasets", "form": form}
    context["blinded"] = why_blind(signed_in(request), items_of(campaign))
    if form.is_valid() and request.POST.get("act") == "check":
        refuse_blind(request, items_of(campaign))  # the guards name items and their edits
        context["preview"] = preview_version(campaign=campaign, options=form.options())
    elif form.is_valid():
        try:
            version = request_dataset(
                campaign=campaign, options=form.options(), created_by=signed_in(request)
            )
        except AnnotationError as error:
            form.add_error(None, error.message)
        else:
            return redirect("dataset-detail", slug=slug, number=version.number)
    return render(request, "exports/new.html", context)


@require_POST
@login_required
def dataset_cancel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Ask the version's job to stop."""
    job = _own_job(request, slug, number)
    try:
        request_cancel(job=job, actor=signed_in(request), now=timezone.now())
    except AnnotationError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The job has been asked to stop."))
    return redirect("dataset-detail", slug=slug, number=number)


@require_POST
@login_required
def dataset_resume(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Continue with a version that failed or was cancelled."""
    job = _own_job(request, slug, number)
    try:
        retry_job(job=job, actor=signed_in(request))
    except AnnotationError as error:
        messages.warning(request, error.message)
    return redirect("dataset-detail", slug=slug, number=number)


def _own_job(request: HttpRequest, slug: str, number: int) -> Job:
    job = load_version(request, slug, number, can_see_results).job
    if job is None or not can_control_job(signed_in(request), job):
        raise Http404
    return job
