"""The planned ratings stay exact while hidden checks, cross-checks and re-ratings are mixed in."""

import threading
import time

import pytest
from django.db import connection
from django.db.models import Count, F, Q

from annotation_app.enums import (
    DATA_PURPOSES,
    INDEPENDENT_PURPOSES,
    Purpose,
    RatingStatus,
    TaskState,
)
from annotation_app.models import (
    CampaignItem,
    Check,
    CrossCheckDraw,
    Lease,
    Rating,
    Task,
)
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality_checks import run_quality_checks
from tests.contention.clients import SharedClock, run_clients
from tests.factories.gold import make_gold, seeded
from tests.factories.world import NOON, make_annotators, make_campaign

CLIENTS = 24
ITEMS, GOLD, OVERLAP = 120, 30, 2


def keep_checking(campaign, clock, is_over, errors):
    """Run the background rounds beside the clients, as the schedule does."""
    rng = seeded(5)
    try:
        while not is_over.is_set():
            run_quality_checks(campaign=campaign, now=clock.now(), rng=rng)
            time.sleep(0.05)
    except Exception as error:  # noqa: BLE001 - every surprise is reported by the test
        errors.append(repr(error))
    finally:
        connection.close()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_plans_hold_exactly_with_gold_repeats_and_cross_checks_mixed_in():
    campaign = make_campaign(ITEMS + GOLD, k=2, base=OVERLAP, overlap=OVERLAP, reserved=0.25)
    make_gold(campaign, GOLD)
    set_quality_plan(
        actor=None,
        campaign=campaign,
        changes={
            "gold_share": 0.15,
            "repeat_share": 0.15,
            "repeat_after_days": 0.0,
            "csp_enabled": True,
            "csp_clearance": 3,
            "skip_pause": 0,
            "fast_pause": 0,
            "bad_accuracy": 0.01,
            "good_accuracy": 0.02,
        },
    )
    annotators = make_annotators(campaign, CLIENTS)
    clock, is_over = SharedClock(NOON), threading.Event()
    planned = Task.objects.filter(campaign=campaign, purpose=Purpose.PRODUCTION).exclude(
        state=TaskState.CLOSED
    )
    errors = []
    # gold waits from the first task on, however late the machine lets the rounds begin
    run_quality_checks(campaign=campaign, now=clock.now(), rng=seeded(4))
    checker = threading.Thread(target=keep_checking, args=(campaign, clock, is_over, errors))
    checker.start()
    try:
        outcomes = run_clients(
            campaign,
            annotators,
            clock=clock,
            seed=11,
            is_over=lambda: not planned.exclude(state=TaskState.FILLED).exists(),
        )
    finally:
        is_over.set()
        checker.join()
    run_quality_checks(campaign=campaign, now=clock.now(), rng=seeded(6))  # the last round

    assert errors == []
    assert [error for outcome in outcomes for error in outcome.errors] == []
    assert planned.filter(state=TaskState.FILLED).count() == ITEMS * OVERLAP
    active = Rating.objects.filter(status=RatingStatus.ACTIVE)
    assert active.filter(purpose=Purpose.PRODUCTION).count() == ITEMS * OVERLAP
    # no item counts more ratings than its slots, none twice by one person
    counts = CampaignItem.objects.annotate(
        slots=Count("tasks", filter=Q(tasks__purpose__in=DATA_PURPOSES) & ~closed(), distinct=True),
        rated=Count("ratings", filter=counted(), distinct=True),
        people=Count("ratings__annotator", filter=counted(), distinct=True),
    )
    assert not counts.filter(rated__gt=F("slots")).exists()
    assert not counts.exclude(rated=F("people")).exists()
    # who met an item as gold never rates it as data
    gold = active.filter(purpose=Purpose.GOLD).values_list("annotator", "campaign_item")
    data = active.filter(purpose__in=INDEPENDENT_PURPOSES).values_list("annotator", "campaign_item")
    assert set(gold).isdisjoint(data)

    acknowledged = {
        uuid: status for outcome in outcomes for uuid, status in outcome.acknowledged.items()
    }
    assert dict(Rating.objects.values_list("client_uuid", "status")) == acknowledged
    # every filled hidden slot was its own person's, and the checks were really mixed in
    hidden = Task.objects.filter(purpose__in=(Purpose.GOLD, Purpose.REPEAT), state="filled")
    assert not hidden.exclude(ratings__annotator=F("assigned_to")).exists()
    assert hidden.count() > 5
    assert Check.objects.count() > 5
    assert CrossCheckDraw.objects.filter(drawn=True).exists()
    assert not Lease.objects.filter(ended_at=None, task__state=TaskState.FILLED).exists()


def closed():
    return Q(tasks__state=TaskState.CLOSED)


def counted():
    return Q(ratings__status=RatingStatus.ACTIVE, ratings__purpose__in=DATA_PURPOSES)
