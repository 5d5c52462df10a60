"""What a person had under way where they belong no longer; `changing` calls this."""

import contextlib

from django.db.models import Q
from django.utils import timezone

from annotation_app.exceptions import ConflictError
from annotation_app.models import Campaign, Job, User
from annotation_app.policies.jobs import can_control_job
from annotation_app.services.jobs.lifecycle import UNFINISHED, request_cancel


def stop_jobs_of(*, user: User, campaign: Campaign, actor: User) -> int:
    """Cancel a person's unfinished jobs that they may not start any more; how many.

    The campaign's admins see each one as cancelled and may try it again: then they are its reason.
    """
    here = Q(campaign=campaign) | Q(campaign=None)
    asked = Job.objects.filter(here, created_by=user, state__in=UNFINISHED, cancel_requested=False)
    stopped = 0
    for job in asked.select_related("campaign").order_by("pk"):
        if can_control_job(user, job):
            continue
        with contextlib.suppress(ConflictError):  # it ended just now
            request_cancel(job=job, actor=actor, now=timezone.now())
            stopped += 1
    return stopped
