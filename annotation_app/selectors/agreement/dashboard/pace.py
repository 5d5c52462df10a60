"""Ratings per day and when the work will be done at that pace."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Count
from django.db.models.functions import TruncDate

from analytics.monitoring.forecast import FEWEST_DAYS, Forecast, forecast_completion
from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.models import Campaign, Rating
from annotation_app.selectors.campaigns.progress import CampaignProgress
from annotation_app.selectors.people.members import campaign_zone, start_of_day

DAYS = 14


@dataclass(frozen=True)
class Pace:
    """Recent work.

    Attributes:
        days: (day, ratings that count) of the last two whole weeks from the first day with any.
        today: of the forecast.
        forecast: when the rest will be done; None if it cannot be estimated.
    """

    days: Sequence[tuple[date, int]]
    today: date
    forecast: Forecast | None

    @property
    def dates(self) -> tuple[date, date, date] | None:
        """Earliest, middle and latest day of completion (95 %)."""
        if self.forecast is None:
            return None
        ahead = (self.forecast.earliest, self.forecast.days, self.forecast.latest)
        first, middle, last = (self.today + timedelta(days=days) for days in ahead)
        return first, middle, last

    @property
    def has_few_days(self) -> bool:
        """Whether there are too few whole days for a forecast."""
        return len(self.days) < FEWEST_DAYS


def recent_pace(campaign: Campaign, progress: CampaignProgress, *, now: datetime) -> Pace:
    """Count the last days' ratings and forecast the end; today is not over and counts for none."""
    midnight = start_of_day(campaign, now)
    done = Rating.objects.filter(
        campaign=campaign,
        status=RatingStatus.ACTIVE,
        purpose__in=DATA_PURPOSES,
        submitted_at__gte=midnight - timedelta(days=DAYS),
        submitted_at__lt=midnight,
    )
    day = TruncDate("submitted_at", tzinfo=campaign_zone(campaign))
    counts: dict[date, int] = dict(
        done.annotate(day=day).values_list("day").annotate(count=Count("pk"))
    )
    today = midnight.date()
    days: list[tuple[date, int]] = []
    if counts:
        span = (today - min(counts)).days
        past = [today - timedelta(days=back) for back in range(span, 0, -1)]
        days = [(one, counts.get(one, 0)) for one in past]
    # The same day gives the same forecast.
    rng = np.random.default_rng([abs(campaign.seed), today.toordinal()])
    rest = progress.slots - progress.filled
    return Pace(days, today, forecast_completion([count for _, count in days], rest, rng))
