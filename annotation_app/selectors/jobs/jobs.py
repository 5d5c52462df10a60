"""Jobs that a person may see, and how far they are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from annotation_app.enums import JobKind, JobState, MembershipStatus, Role
from annotation_app.models import Collection, Item, Job, Membership, User
from annotation_app.policies.jobs import may_name_items
from annotation_app.selectors.rating.blinding import items_of, why_blind

SEEING = (Role.ADMIN, Role.RESEARCHER, Role.REVIEWER)


def visible_jobs(user: User) -> QuerySet[Job]:
    """The jobs a person may see (`policies.can_see_job`), newest first."""
    jobs = Job.objects.select_related("campaign", "created_by")
    if not user.is_active:
        return jobs.none()
    if user.is_superuser:
        return jobs
    own = Membership.objects.filter(user=user, status=MembershipStatus.ACTIVE)
    managed = own.filter(role=Role.ADMIN).values_list("campaign__collection", flat=True)
    return jobs.filter(
        Q(campaign__in=own.filter(role__in=SEEING).values("campaign"))
        | Q(campaign=None, arguments__collection__in=list(managed))
    )


def why_words_withheld(user: User, job: Job) -> str:
    """Why a person does not read a job's words, which may name items; empty if they do."""
    return why_blind(user, _items_named(job)) if may_name_items(user, job) else ""


def _items_named(job: Job) -> QuerySet[Item]:
    """All that the words could name: an import's collection, else the campaign's items."""
    if job.campaign is not None and job.kind != JobKind.IMPORT_ITEMS:
        return items_of(job.campaign)
    collection = job.arguments.get("collection")
    return Item.objects.filter(collection__in=Collection.objects.filter(pk=collection))


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
