"""The live store with real transactions: submits, folders and readers at the same time."""

import contextlib
from threading import Event, Thread

import numpy as np
import pytest
from django.db import connection, connections, transaction

from analytics.agreement.sums.exact.exact_sums import ExactSums
from annotation_app.exceptions import ConflictError
from annotation_app.models import CampaignItemChange, LiveStore, LiveSums, Rating
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.agreement.live.figures import LiveStratum
from annotation_app.services.agreement.checking import check_live_figures
from annotation_app.services.agreement.folding import fold_batch, fold_campaign
from annotation_app.services.agreement.rebuilding import rebuild_store
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.rating.submission import submit_rating
from tests.annotation_app.services.agreement.test_store import act, any_judgement
from tests.factories.live import check_live
from tests.factories.rated import rate_next
from tests.factories.threads import in_threads
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

pytestmark = pytest.mark.django_db(transaction=True)


def test_two_folders_and_three_annotators_at_once_leave_exact_figures():
    campaign = make_campaign(15, k=3, base=2)
    people = make_annotators(campaign, 3)
    finished = [Event() for _ in people]

    def annotate(index: int) -> None:
        rng = np.random.default_rng(index)
        try:
            for step in range(12):
                with contextlib.suppress(ConflictError):  # released by somebody else just now
                    act(campaign, people[index : index + 1], rng, step)
        finally:
            finished[index].set()

    def fold(_: int) -> None:
        while not all(event.is_set() for event in finished):
            fold_batch(campaign=campaign, now=NOON, limit=3)

    def read(_: int) -> None:
        while not all(event.is_set() for event in finished):
            check_is_possible(read_live(campaign, facets=()).pooled)

    workers = [annotate] * 3 + [fold] * 2 + [read]
    in_threads(6, lambda index: workers[index](index))
    check_live(campaign)
    fold_campaign(campaign=campaign, now=NOON)
    check_live(campaign)
    assert rebuild_store(campaign=campaign, now=NOON) == []


def check_is_possible(pooled: LiveStratum) -> None:
    """Assert that what a reader met could have been: nothing was taken away before it was added."""
    sums = pooled.sums["if"]
    assert isinstance(sums, ExactSums)
    assert all(times > 0 for times in sums.patterns.values())
    assert all(row[:4].min() >= 0 for row in sums.raters.values())


def test_a_submit_waits_for_no_folder_and_updates_no_row_that_items_share():
    campaign = make_campaign(4, k=2)
    [ana] = make_annotators(campaign, 1)
    rate_next(campaign, ana)
    lease = lease_next_task(annotator=ana, campaign=campaign, now=NOON)
    answers = []

    def submit() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        answers.append(submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON))
        connections.close_all()

    with transaction.atomic():
        fold_batch(campaign=campaign, now=NOON)  # holds the folder's lock and all its rows
        before = shared_rows()
        thread = Thread(target=submit)
        thread.start()
        thread.join()
        assert [answer.rating.status for answer in answers] == ["active"]
        assert shared_rows() == before
    assert CampaignItemChange.objects.count() == 1
    check_live(campaign)


def shared_rows() -> list[tuple[str, ...]]:
    """Versions of the rows that several items share."""
    found = []
    with connection.cursor() as cursor:
        for table in ("livesums", "livecross", "livestore", "campaign", "membership", "alert"):
            cursor.execute(f"SELECT ctid::text, xmin::text FROM annotation_app_{table}")  # noqa: S608 - named above
            found += [(table, *row) for row in cursor.fetchall()]
    return sorted(found)


def test_a_second_folder_leaves_at_once():
    campaign = make_campaign(2, k=2)
    [ana] = make_annotators(campaign, 1)
    rate_next(campaign, ana)
    with transaction.atomic():
        assert fold_batch(campaign=campaign, now=NOON) == 1
        assert in_threads(1, lambda _: fold_batch(campaign=campaign, now=NOON)) == [0]


def test_a_rebuild_finds_and_mends_what_was_tampered_with():
    campaign = make_campaign(8, k=3, base=2)
    people = make_annotators(campaign, 2)
    rng = np.random.default_rng(5)
    for step in range(14):
        act(campaign, people, rng, step)
    fold_campaign(campaign=campaign, now=NOON)
    lease = lease_next_task(annotator=people[0], campaign=campaign, now=NOON)
    submit_rating(lease=lease, judgement=any_judgement(lease, rng), now=NOON)  # stays unfolded
    assert check_live_figures(campaign=campaign, now=NOON) == []
    row = LiveSums.objects.get(campaign=campaign, design="random", facet="pooled", dimension="if")
    row.header["patterns"][0][-1] += 1
    row.save()
    assert check_live_figures(campaign=campaign, now=NOON) == ["random pooled if patterns"]
    [alert] = campaign.alerts.all()
    assert (alert.kind, alert.arguments["count"]) == ("store_differs", 1)
    assert LiveStore.objects.get().differences == ["random pooled if patterns"]
    check_live(campaign)
    assert check_live_figures(campaign=campaign, now=NOON) == []
    alert.refresh_from_db()
    assert alert.resolved_at == NOON


def test_a_rebuild_finds_a_change_that_nobody_noted():
    campaign = make_campaign(3, k=2)
    [ana] = make_annotators(campaign, 1)
    rating = rate_next(campaign, ana)
    fold_campaign(campaign=campaign, now=NOON)
    Rating.objects.filter(pk=rating.pk).update(status="released")
    found = rebuild_store(campaign=campaign, now=NOON)
    assert found[0] == f"item {rating.campaign_item_id}"
    check_live(campaign)
    assert rebuild_store(campaign=campaign, now=NOON) == []
