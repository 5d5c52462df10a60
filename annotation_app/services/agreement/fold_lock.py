"""One folder per campaign at a time; submits take no part in this lock and never wait for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from annotation_app.models import Campaign
from annotation_app.selectors.agreement.live.agreement import LOCK_SPACE


def try_fold_lock(campaign: Campaign) -> bool:
    """Become the campaign's folder until the transaction ends; False if another one is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, campaign.pk])
        return bool(cursor.fetchone()[0])


@contextmanager
def hold_fold_lock(campaign: Campaign) -> Iterator[None]:
    """Wait to be the campaign's folder, before and after any transaction inside."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, campaign.pk])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, campaign.pk])
