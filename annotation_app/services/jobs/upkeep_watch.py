"""Telling the operators, once per outage, that regular work in the background has stopped.

The worker of that work watches, too, but what ends it ends the watch as well: web processes ask.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from annotation_app.models import UpkeepRun
from annotation_app.selectors.jobs.upkeep import upkeep_states
from annotation_app.services.alerts.operators import mail_operators

ONE_OUTAGE = timedelta(days=1)


def tell_of_stopped_upkeep(*, now: datetime) -> int:
    """Mail every operator with an address if work has become overdue; returns the number mailed.

    An outage is reported once, whoever notices it: work that stops within a day of it, while
    something is still overdue, belongs to it.

    Raises:
        OSError: if the mail server refuses; then it counts as not reported.
    """
    fresh = _claim(now)
    if not fresh:
        return 0
    try:
        return mail_operators(
            subject="jobs/health/mail_subject.txt",
            body="jobs/health/mail.txt",
            facts=lambda: {"site": settings.SITE_URL, "runs": fresh},
        )
    except OSError:
        UpkeepRun.objects.filter(pk__in=[run.pk for run in fresh]).update(told_at=None)
        raise


def _claim(now: datetime) -> list[UpkeepRun]:
    """What is to be reported now; of several processes asking at once, one gets it."""
    with transaction.atomic():
        list(UpkeepRun.objects.select_for_update().order_by("pk"))
        late = [one.run for one in upkeep_states(now) if one.overdue]
        fresh = [run for run in late if run.told_at is None]
        told = [run.told_at for run in late if run.told_at is not None]
        UpkeepRun.objects.filter(pk__in=[run.pk for run in fresh]).update(told_at=now)
    return [] if told and max(told) > now - ONE_OUTAGE else fresh
