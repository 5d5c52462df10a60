"""How much each person worked: ratings and active time by person, team and day."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Max
from django.db.models.functions import Coalesce

from annotation_app.enums import RatingStatus, Role
from annotation_app.models import Campaign, Membership, Rating, User
from annotation_app.selectors.people.members import campaign_zone

SECONDS_AN_HOUR = 3600
CHUNK = 5000
TOLERANCE = 60.0  # seconds that clocks may differ


@dataclass(frozen=True)
class Period:
    """Days of a campaign, both ends included."""

    first: date
    last: date

    def bounds(self, campaign: Campaign) -> tuple[datetime, datetime]:
        """The moments where the first day begins and the last one ends."""
        zone = campaign_zone(campaign)
        return (
            datetime.combine(self.first, time.min, zone),
            datetime.combine(self.last + timedelta(days=1), time.min, zone),
        )


@dataclass(frozen=True)
class Work:
    """Ratings by what became of them, and active hours, idle time left out.

    `counted` and `superseded` are payable; `released` ratings were taken out of the count. `span`
    is the time from a day's first lease to its last submit, in seconds: the browser measures the
    active time, which cannot be longer.
    """

    counted: int = 0
    superseded: int = 0
    released: int = 0
    seconds: float = 0.0
    span: float = 0.0

    @property
    def payable(self) -> int:
        return self.counted + self.superseded

    @property
    def hours(self) -> float:
        return self.seconds / SECONDS_AN_HOUR

    @property
    def span_hours(self) -> float:
        return self.span / SECONDS_AN_HOUR

    @property
    def is_implausible(self) -> bool:
        """More active time than passed between the first lease and the last submit."""
        return self.seconds > self.span + TOLERANCE

    def plus(self, other: "Work") -> "Work":
        """Both together."""
        return Work(
            self.counted + other.counted,
            self.superseded + other.superseded,
            self.released + other.released,
            self.seconds + other.seconds,
            self.span + other.span,
        )


@dataclass(frozen=True)
class WorkRow:
    """A person's work on a day of the campaign."""

    day: date
    user: int
    username: str
    pseudonym: str
    team: str
    work: Work


def work_by_day(campaign: Campaign, period: Period) -> list[WorkRow]:
    """Every person's work on every day of the period, in order of day and name.

    A rating belongs to the day of its submit; its time is the longest of its revisions, for each
    states the time spent on the item so far.
    """
    start, end = period.bounds(campaign)
    ratings = (
        Rating.objects.filter(campaign=campaign, submitted_at__gte=start, submitted_at__lt=end)
        .filter(imported_by__isnull=True)
        .annotate(
            longest=Max("revisions__seconds"),
            began=Coalesce("lease__leased_at", "submitted_at"),
        )
        .values_list("annotator", "submitted_at", "status", "longest", "began")
    )
    zone = campaign_zone(campaign)
    sums: defaultdict[tuple[date, int], Work] = defaultdict(Work)
    ends: dict[tuple[date, int], tuple[datetime, datetime]] = {}
    for annotator, moment, status, longest, began in ratings.iterator(chunk_size=CHUNK):
        key = moment.astimezone(zone).date(), annotator
        sums[key] = sums[key].plus(_work(status, longest or 0.0))
        first, last = ends.get(key, (began, moment))
        ends[key] = min(first, began), max(last, moment)
    for key, (first, last) in ends.items():
        sums[key] = replace(sums[key], span=(last - first).total_seconds())
    people = User.objects.in_bulk({annotator for _day, annotator in sums})
    teams = dict(
        Membership.objects.filter(campaign=campaign, role=Role.ANNOTATOR).values_list(
            "user_id", "team"
        )
    )
    rows = [
        WorkRow(day, user, people[user].username, people[user].pseudonym, teams.get(user, ""), work)
        for (day, user), work in sums.items()
    ]
    return sorted(rows, key=lambda row: (row.day, row.username))


def work_by(rows: list[WorkRow], name: str) -> list[tuple[Any, Work]]:
    """Sums of the rows' work by one of their fields, in its order."""
    sums: defaultdict[Any, Work] = defaultdict(Work)
    for row in rows:
        sums[getattr(row, name)] = sums[getattr(row, name)].plus(row.work)
    return sorted(sums.items())


def _work(status: str, seconds: float) -> Work:
    return Work(
        counted=int(status == RatingStatus.ACTIVE),
        superseded=int(status == RatingStatus.SUPERSEDED),
        released=int(status == RatingStatus.RELEASED),
        seconds=seconds,
    )
