"""The list of jobs and a job's page."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HTMX_STOP_POLLING

from annotation_app.exceptions import ConflictError
from annotation_app.models import Job, JobLine, User
from annotation_app.policies import can_see_results
from annotation_app.policies.jobs import can_control_job, can_read_job_log, can_see_job
from annotation_app.selectors.jobs.jobs import job_pace, visible_jobs, why_words_withheld
from annotation_app.services.jobs.lifecycle import UNFINISHED, request_cancel, retry_job
from annotation_app.web.jobs.words import job_facts, made_address
from annotation_app.web.requests import asks_for_part, signed_in

NEWEST = 100


@require_safe
@login_required
def job_list(request: HttpRequest) -> HttpResponse:
    """Everything long, newest first."""
    jobs = list(visible_jobs(signed_in(request))[:NEWEST])
    running = any(job.state in UNFINISHED for job in jobs)
    template = "jobs/_rows.html" if asks_for_part(request) else "jobs/list.html"
    return render(
        request,
        template,
        {"jobs": jobs, "running": running},
        status=200 if running or "_rows" not in template else HTMX_STOP_POLLING,
    )


@require_safe
@login_required
def job_detail(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """A job's progress, log tail, result, and what can be done about it."""
    job, user = _visible_job(request, public_id), signed_in(request)
    part = asks_for_part(request)
    withheld = why_words_withheld(user, job)
    context = {
        "job": job,
        "campaign": job.campaign,
        "withheld": withheld,
        "facts": job_facts(job, with_words=not withheld),
        "made": made_address(job, user),
        "sees_campaign": job.campaign is not None and can_see_results(user, job.campaign),
        "pace": job_pace(job, timezone.now()),
        "lines": [] if withheld else _log(user, job),
        "running": job.state in UNFINISHED,
        "may_control": can_control_job(user, job),
    }
    ended = job.state not in UNFINISHED
    return render(
        request,
        "jobs/_progress.html" if part else "jobs/detail.html",
        context,
        status=HTMX_STOP_POLLING if part and ended else 200,
    )


@require_POST
@login_required
def job_cancel(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Ask a job to stop."""
    job = _controllable_job(request, public_id)
    try:
        request_cancel(job=job, actor=signed_in(request), now=timezone.now())
    except ConflictError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("The job has been asked to stop."))
    return redirect("job-detail", public_id=public_id)


@require_POST
@login_required
def job_retry(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Queue a failed or cancelled job again."""
    job = _controllable_job(request, public_id)
    try:
        retry_job(job=job, actor=signed_in(request))
    except ConflictError as error:
        messages.warning(request, error.message)
    return redirect("job-detail", public_id=public_id)


def _log(user: User, job: Job) -> list[JobLine]:
    """The end of the program's log when it broke; empty for people who may not read it."""
    if not can_read_job_log(user, job):
        return []
    return list(job.lines.order_by("-id")[:40])[::-1]


def _visible_job(request: HttpRequest, public_id: UUID) -> Job:
    job = get_object_or_404(
        Job.objects.select_related("campaign__collection", "created_by"), public_id=public_id
    )
    if not can_see_job(signed_in(request), job):
        raise Http404
    return job


def _controllable_job(request: HttpRequest, public_id: UUID) -> Job:
    job = _visible_job(request, public_id)
    if not can_control_job(signed_in(request), job):
        raise Http404
    return job
