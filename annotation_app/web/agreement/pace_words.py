"""Progress and the forecast of completion in words."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext

from annotation_app.models import Campaign
from annotation_app.selectors.agreement.dashboard.pace import Pace, recent_pace
from annotation_app.selectors.campaigns.progress import CampaignProgress, campaign_progress
from annotation_app.web.agreement.words import number


@dataclass(frozen=True)
class ProgressWords:
    """How far the campaign is, and when it will be done."""

    progress: CampaignProgress
    forecast: str
    note: str


def progress_words(campaign: Campaign, *, now: datetime) -> ProgressWords:
    """Say it from the slots and from the last two weeks' pace."""
    progress = campaign_progress(campaign)
    pace = recent_pace(campaign, progress, now=now)
    return ProgressWords(progress, _forecast(progress, pace), _note(progress, pace))


def _forecast(progress: CampaignProgress, pace: Pace) -> str:
    if progress.slots and progress.filled >= progress.slots:
        return gettext("Done")
    if pace.dates is None:
        return "–"
    first, _, last = (date_format(one, "SHORT_DATE_FORMAT") for one in pace.dates)
    return first if first == last else f"{first} – {last}"


def _note(progress: CampaignProgress, pace: Pace) -> str:
    if not progress.slots:
        return gettext("No tasks are planned yet.")
    if progress.filled >= progress.slots:
        return gettext("Every slot is filled.")
    if pace.has_few_days:
        return gettext("A forecast needs three whole days of work.")
    if pace.dates is None or pace.forecast is None:
        return gettext("At the pace of the last two weeks, no end date can be predicted.")
    return gettext(
        "Most likely %(middle)s, at %(pace)s ratings a day over the last %(days)s days "
        "(95 %% range)"
    ) % {
        "middle": date_format(pace.dates[1], "SHORT_DATE_FORMAT"),
        "pace": number(pace.forecast.per_day, 1),
        "days": pace.forecast.n_days,
    }
