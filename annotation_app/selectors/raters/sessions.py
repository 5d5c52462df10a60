"""An annotator's own pace, and the campaign's progress."""

from dataclasses import asdict, dataclass
from datetime import datetime
from statistics import median

from annotation_app.enums import RatingStatus, Role
from annotation_app.models import Campaign, Membership, Rating, User
from annotation_app.selectors.campaigns.progress import campaign_percent
from annotation_app.selectors.people.members import start_of_day

DEFAULT_TARGET = 120
RECENT = 50  # ratings that the median looks at


@dataclass(frozen=True, slots=True)
class Session:
    """The figures of the session panel.

    `median_seconds` is over the last ratings of today; None before the first. `campaign_percent` is
    the share of the campaign that is done by all annotators.
    """

    done_today: int
    target: int
    median_seconds: int | None
    campaign_percent: int

    def as_json(self) -> dict[str, int | None]:
        """Return the figures under their own names."""
        return asdict(self)


def read_session(*, annotator: User, campaign: Campaign, now: datetime) -> Session:
    """Count what an annotator did today, in the campaign's time zone, and its pace."""
    today = Rating.objects.filter(
        annotator=annotator, campaign=campaign, submitted_at__gte=start_of_day(campaign, now)
    ).exclude(status=RatingStatus.RELEASED)
    seconds = list(
        today.order_by("-submitted_at").values_list("current_revision__seconds", flat=True)[:RECENT]
    )
    target = (
        Membership.objects.filter(campaign=campaign, user=annotator, role=Role.ANNOTATOR)
        .values_list("daily_target", flat=True)
        .first()
    )
    return Session(
        done_today=today.count(),
        target=target or DEFAULT_TARGET,
        median_seconds=round(median(seconds)) if seconds else None,
        campaign_percent=campaign_percent(campaign),
    )
