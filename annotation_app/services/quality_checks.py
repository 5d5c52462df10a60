"""One round of a campaign's background checks: run by a task, so that submits stay small."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import Q

from annotation_app.enums import AlertKind, CampaignState, DisputeReason, RuleAction
from annotation_app.models import Campaign, Lease, QualityCursor, QualityPlan, Rating
from annotation_app.services.alerts.lifecycle import raise_alert, resolve_alert
from annotation_app.services.quality.behaviour import watch_behaviour
from annotation_app.services.quality.cross_checks import draw_checks, judge_checks
from annotation_app.services.quality.drifting import watch_drift
from annotation_app.services.quality.gold_tests import run_gold_tests
from annotation_app.services.quality.hidden import stock_hidden
from annotation_app.services.quality.judging import judge_hidden
from annotation_app.services.quality.rerating import rerate_late_work
from annotation_app.services.reviewing.disputes import find_disputes, find_uncertain, open_case

# A rating may change so long after its submit; what is older was read in an earlier round.
LOOKED_BACK = timedelta(seconds=settings.REOPEN_SECONDS) + timedelta(minutes=5)
LOCK = 7_1201  # of advisory locks: this kind of round
# These read a campaign whole.
ENTROPY_EVERY = timedelta(hours=1)
DRIFT_EVERY = timedelta(minutes=10)


def checked_campaigns() -> list[Campaign]:
    """Active campaigns; one that has no rules gets the default ones."""
    return list(
        Campaign.objects.filter(state=CampaignState.ACTIVE).select_related("rubric").order_by("pk")
    )


def note_failed_checks(*, campaign: Campaign, error: Exception, now: datetime) -> None:
    """Tell the admins that a campaign's checks fail; its words stay in the log, they may be any."""
    arguments = {"error": type(error).__name__}
    raise_alert(campaign=campaign, kind=AlertKind.CHECKS_FAILED, now=now, arguments=arguments)


def note_sound_checks(*, campaign: Campaign, now: datetime) -> None:
    """The checks of a campaign succeed, perhaps again."""
    resolve_alert(campaign=campaign, kind=AlertKind.CHECKS_FAILED, now=now)


def run_quality_checks(*, campaign: Campaign, now: datetime, rng: random.Random) -> None:
    """Judge the ratings since the last round, act on them, and add the next hidden checks.

    Rounds of one campaign run one after another; a second one at the same time returns at once.
    """
    with _only_one(campaign) as is_mine:
        if is_mine:
            plan, _is_new = QualityPlan.objects.get_or_create(campaign=campaign)
            _run(plan, now, rng)


def _run(plan: QualityPlan, now: datetime, rng: random.Random) -> None:
    """Each step is a separate, repeatable transaction: a lost round is simply run again."""
    cursor, _is_new = QualityCursor.objects.get_or_create(campaign=plan.campaign)
    since = cursor.read_until - LOOKED_BACK if cursor.read_until else None
    _act(plan, since, now, rng)
    if plan.drift_action != RuleAction.OFF and _is_due(cursor.drift_at, DRIFT_EVERY, now):
        watch_drift(plan=plan, now=now)
        cursor.drift_at = now
    if plan.dispute_entropy and _is_due(cursor.entropy_at, ENTROPY_EVERY, now):
        find_uncertain(plan=plan, now=now)
        cursor.entropy_at = now
    cursor.read_until = now
    cursor.save(update_fields=["read_until", "entropy_at", "drift_at"])


@contextmanager
def _only_one(campaign: Campaign) -> Iterator[bool]:
    """Whether this is the only round of the campaign; an advisory lock, so no one waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s::int, %s::int)", [LOCK, campaign.pk])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s::int, %s::int)", [LOCK, campaign.pk])


def _act(plan: QualityPlan, since: datetime | None, now: datetime, rng: random.Random) -> None:
    workers = _active_since(plan.campaign, since)
    checks = judge_hidden(campaign=plan.campaign, plan=plan, since=since)
    run_gold_tests(plan=plan, annotators={check.annotator_id for check in checks}, now=now)
    watch_behaviour(plan=plan, annotators=workers, now=now)
    rerate_late_work(plan=plan, now=now)
    if plan.csp_enabled:
        draw_checks(plan=plan, since=since, now=now, rng=rng)
        for failure in judge_checks(plan=plan, now=now):
            item = failure.rating.campaign_item_id
            open_case(plan.campaign, item, [DisputeReason.CHECK], now=now)
    if plan.dispute_range or plan.dispute_gap:
        find_disputes(plan=plan, since=since, now=now)
    stock_hidden(campaign=plan.campaign, now=now, rng=rng)


def _active_since(campaign: Campaign, since: datetime | None) -> set[int]:
    """The people who rated or skipped anything since a moment."""
    window = Q() if since is None else Q(submitted_at__gte=since)
    ratings = Rating.objects.filter(window, campaign=campaign)
    ended = Q(ended_at__isnull=False) if since is None else Q(ended_at__gte=since)
    leases = Lease.objects.filter(ended, task__campaign=campaign)
    return {*ratings.values_list("annotator", flat=True).distinct()} | {
        *leases.values_list("annotator", flat=True).distinct()
    }


def _is_due(last: datetime | None, every: timedelta, now: datetime) -> bool:
    return last is None or now - last >= every
