"""Jobs that a person may see, and how far they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from annotation_app.enums import JobState, MembershipStatus, Role
from annotation_app.models import Job, User


def visible_jobs(user: User) -> QuerySet[Job]:
    """Jobs a person started or whose campaign's results they may see, newest first."""
    jobs = Job.objects.select_related("campaign", "created_by")
    if user.is_superuser:
        return jobs
    return jobs.filter(
        Q(created_by=user)
        | Q(
            campaign__memberships__user=user,
            campaign__memberships__status=MembershipStatus.ACTIVE,
            campaign__memberships__role__in=(Role.ADMIN, Role.RESEARCHER, Role.REVIEWER),
        )
    ).distinct()


@dataclass(frozen=True)
class Pace:
    """How fast a running job goes."""

    per_second: float
    remaining: timedelta | None


def job_pace(job: Job, now: datetime) -> Pace | None:
    """Rate and remaining time of a running job; None before its first step."""
    if job.state != JobState.RUNNING or job.started_at is None or job.done == 0:
        return None
    seconds = max((now - job.started_at).total_seconds(), 0.001)
    rate = job.done / seconds
    left = timedelta(seconds=round((job.total - job.done) / rate)) if job.total else None
    return Pace(per_second=rate, remaining=left)
