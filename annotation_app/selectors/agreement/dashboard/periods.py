"""Days of the live store as a readable number of periods, and where agreement changed."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache, reduce
from itertools import groupby
from operator import add

from analytics.agreement.sums.exact.stratum_sums import added_sums
from analytics.monitoring.period_changes import (
    PeriodChange,
    period_changes,
    table_period_changes,
)
from annotation_app.enums import Facet
from annotation_app.selectors.agreement.live.cache import MOST_READINGS
from annotation_app.selectors.agreement.live.figures import LiveAgreement, LiveStratum

MOST_DAYS = 35
MOST_WEEKS = 30


@lru_cache(maxsize=MOST_READINGS)
def time_slices(live: LiveAgreement) -> Sequence[LiveStratum]:
    """Days, weeks from Monday, or months, in time order; the key is the first day of each.

    A period's label is its first day, or its first and last days with ratings.
    """
    days = sorted(live.strata[Facet.DAY], key=lambda one: one.key)
    if not days:
        return []
    span = (_day(days[-1]) - _day(days[0])).days
    if span < MOST_DAYS:
        return days
    first = _monday if span < 7 * MOST_WEEKS else _month  # days of a week
    return [_merged(list(some)) for _, some in groupby(days, key=lambda one: first(_day(one)))]


def time_slice(live: LiveAgreement, day: str) -> LiveStratum | None:
    """The period that contains a day, if it has ratings."""
    found = None
    for period in time_slices(live):
        if period.key <= day:
            found = period
    return found


@lru_cache(maxsize=4 * MOST_READINGS)
def agreement_changes(live: LiveAgreement, dimension: str) -> Sequence[PeriodChange]:
    """Days from which on the ordinal α is another than before, by day even where weeks show."""
    days = sorted(live.strata[Facet.DAY], key=lambda one: one.key)
    if any(one.keeps_ratings(dimension) for one in days):
        return table_period_changes([(one.key, one.table(dimension)) for one in days])
    return period_changes([(one.key, one.moments(dimension)) for one in days])


def _day(stratum: LiveStratum) -> date:
    return date.fromisoformat(stratum.key)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month(day: date) -> date:
    return day.replace(day=1)


def _merged(days: list[LiveStratum]) -> LiveStratum:
    if len(days) == 1:
        return days[0]
    return LiveStratum(
        key=days[0].key,
        label=f"{days[0].key} – {days[-1].key}",
        sums={key: reduce(added_sums, [one.sums[key] for one in days]) for key in days[0].sums},
        crosses={
            pair: reduce(add, [one.crosses[pair] for one in days]) for pair in days[0].crosses
        },
    )
