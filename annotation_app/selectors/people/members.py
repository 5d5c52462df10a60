"""A campaign's members with what they did lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Max, Q
from django.utils import timezone

from annotation_app.enums import RatingStatus
from annotation_app.models import Campaign, Lease, Membership, Rating

WEEK = timedelta(days=6)  # with today seven days


@dataclass(frozen=True)
class MemberRow:
    """A member, their counts and when they were last seen."""

    member: Membership
    today: int
    week: int
    seen: datetime | None


def campaign_zone(campaign: Campaign) -> ZoneInfo:
    """Where the campaign's days begin."""
    return ZoneInfo(campaign.time_zone or timezone.get_default_timezone_name())


def start_of_day(campaign: Campaign, now: datetime) -> datetime:
    """The campaign's last midnight."""
    return now.astimezone(campaign_zone(campaign)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )


def campaign_members(campaign: Campaign, *, now: datetime) -> list[MemberRow]:
    """Members by status, role and name; ratings of every kind count."""
    today = start_of_day(campaign, now)
    members = Membership.objects.filter(campaign=campaign).select_related("user")
    done = Rating.objects.filter(campaign=campaign, submitted_at__gte=today - WEEK)
    done = done.exclude(status=RatingStatus.RELEASED)
    counts = {
        user: (since_midnight, week)
        for user, since_midnight, week in done.values_list("annotator").annotate(
            today=Count("pk", filter=Q(submitted_at__gte=today)), week=Count("pk")
        )
    }
    leases = Lease.objects.filter(task__campaign=campaign).values_list("annotator")
    worked: dict[int, datetime] = dict(leases.annotate(Max("leased_at")))
    rows = []
    for member in members.order_by("status", "role", "user__username"):
        moments = [m for m in (member.user.last_login, worked.get(member.user_id)) if m]
        today_count, week_count = counts.get(member.user_id, (0, 0))
        rows.append(MemberRow(member, today_count, week_count, max(moments, default=None)))
    return rows
