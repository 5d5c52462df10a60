import json
import re
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from annotation_app.enums import (
    CheckKind,
    MembershipStatus,
    PauseReason,
    Purpose,
    ReviewState,
)
from annotation_app.exceptions import NothingToDoError
from annotation_app.models import (
    Alert,
    AuditEvent,
    Check,
    Membership,
    Rating,
    ReviewCase,
    Task,
)
from annotation_app.payloads.workbench import describe_work
from annotation_app.selectors.quality.hidden import repeatable_items
from annotation_app.selectors.raters.repeats import self_consistencies
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.quality.gating import hidden_purposes, personal_purposes
from annotation_app.services.quality.hidden import stock_hidden
from annotation_app.services.quality.pausing import pause_annotator, resume_annotator
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality_checks import run_quality_checks
from annotation_app.services.queue.leases import release_lease
from annotation_app.services.queue.picking import QueueAvailability
from annotation_app.services.rating.judgements import ScoreInput
from annotation_app.services.rating.revisions import revise_rating
from annotation_app.services.reviewing.threads import say_as_annotator
from annotation_app.services.snapshots.splits import SplitChoices
from annotation_app.services.snapshots.taking import SnapshotChoices, take_snapshot
from tests.factories.gold import answer, answer_next, make_gold, reference_of, seeded
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
GOLD, REPEAT, NEITHER = 0.05, 0.15, 0.9  # draws under shares of 0.1 each


@pytest.fixture
def campaign():
    campaign = make_campaign(40, k=4)
    make_gold(campaign, 16)
    set_quality_plan(
        actor=None,
        campaign=campaign,
        changes={"gold_share": 0.1, "repeat_share": 0.1, "fast_notice": 0, "fast_pause": 0},
    )
    return campaign


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


def check(campaign, now=NOON):
    run_quality_checks(campaign=campaign, now=now, rng=seeded(1))


def test_shares_are_kept_by_chance_alone():
    standing = QueueAvailability(
        expired=False, unfinished=False, assigned=["gold", "repeat"], returned=False,
        given_back=[], daily_cap=None, held=[], holds_expired=False, gated=False, gold_share=0.1,
        repeat_share=0.05,
    )  # fmt: skip
    chance = seeded(7).random
    assert personal_purposes(standing) == []
    seen = Counter(tuple(hidden_purposes(standing, chance)) for _ in range(10_000))
    # three standard errors of a share of 10,000 draws
    assert abs(seen["gold",] - 1000) < 90
    assert abs(seen["repeat",] - 500) < 66
    assert seen[()] == 10_000 - seen["gold",] - seen["repeat",]
    assert hidden_purposes(standing._replace(gold_share=0, repeat_share=0), chance) is None


def test_a_draw_decides_which_kind_comes(campaign, ann):
    answer_next(campaign, ann, now=NOON - 8 * DAY)
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    kinds = [answer_next(campaign, ann, draws=[draw]).purpose for draw in (NEITHER, GOLD, REPEAT)]
    assert kinds == [Purpose.PRODUCTION, Purpose.GOLD, Purpose.REPEAT]


def test_repeats_are_older_than_seven_days_and_come_once(campaign, ann):
    answer_next(campaign, ann, now=NOON - 6 * DAY)
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    repeats = Task.objects.filter(purpose=Purpose.REPEAT)
    assert not repeats.exists()
    for _ in range(2):
        stock_hidden(campaign=campaign, now=NOON + 2 * DAY, rng=seeded(1))
    assert repeats.get().assigned_to == ann


def test_repeats_are_judged_against_the_earlier_self(campaign, ann):
    answer_next(campaign, ann, knows=True, now=NOON - 8 * DAY)
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    answer_next(campaign, ann, knows=False, draws=[REPEAT])
    check(campaign)
    found = Check.objects.get()
    # right levels 4, 1, 3, 2 against 1, 4, 2, 3: the last two lie one apart, on two dimensions
    assert (found.kind, found.within, found.compared, found.passed) == (
        CheckKind.REPEAT, 4, 8, False,
    )  # fmt: skip
    consistency = self_consistencies(campaign)["vq"][ann.pk]
    # 4, 1, 3, 2 then 1, 4, 2, 3: none equal, two of four within one; κ = 1 - 5 / 2.5
    assert (consistency.exact.k, consistency.exact.n) == (0, 4)
    assert consistency.within_one.k == 2
    assert consistency.mean_shift == 0
    assert consistency.kappa.estimate.value == pytest.approx(-1)


def test_bad_gold_answers_pause_kindly_and_have_recent_work_rated_again(campaign, ann):
    production = [answer_next(campaign, ann) for _ in range(3)]
    # four failures in a row: 4 · ln(0.3 / 0.1) = 4.39 < ln(0.95 / 0.01) = 4.55; five: 5.49
    for turn in range(5):
        stock_hidden(campaign=campaign, now=NOON, rng=seeded(turn))
        answer_next(campaign, ann, knows=False, draws=[GOLD])
        check(campaign)
        status = Membership.objects.get(user=ann).status
        assert status == (MembershipStatus.PAUSED if turn == 4 else MembershipStatus.ACTIVE)
    member = Membership.objects.get(user=ann)
    assert member.annotator_status.pause_reason == PauseReason.GOLD
    rerate = Task.objects.filter(purpose=Purpose.RERATE)
    assert {task.campaign_item_id for task in rerate} == {
        one.campaign_item_id for one in production
    }
    assert {(task.design, task.inclusion_probability) for task in rerate} == {("rerate", 1.0)}
    assert AuditEvent.objects.filter(verb="paused", object_type="annotator").count() == 1
    assert Alert.objects.filter(kind="annotator_paused", resolved_at=None).count() == 1

    other = make_annotators(campaign, 1)[0]
    taken = [lease_next_task(annotator=other, campaign=campaign, now=NOON) for _ in range(3)]
    assert {lease.task_id for lease in taken} == {task.pk for task in rerate}

    resume_annotator(actor=make_user(), membership=member, now=NOON + DAY)
    check(campaign, NOON + DAY)
    assert Membership.objects.get(user=ann).status == MembershipStatus.ACTIVE  # the test is new
    assert not Alert.objects.filter(resolved_at=None).exists()


def test_a_changed_gold_answer_is_judged_again(campaign, ann):
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    rating = answer_next(campaign, ann, knows=False, draws=[GOLD])
    check(campaign)
    assert not Check.objects.get().passed
    right = reference_of(rating.campaign_item_id)
    scores = [
        ScoreInput(candidate_id=candidate, dimension=key, level=level)
        for (candidate, key), level in right.items()
    ]
    judgement = make_judgement(rating.lease, scores=scores)
    revise_rating(rating=rating, judgement=judgement, now=NOON)
    check(campaign, NOON + timedelta(minutes=1))
    assert Check.objects.get(rating=rating).passed


VARYING = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+(\.\d+)?|nonce=\S+|value=\"[A-Za-z0-9]{64}\""
)

# What an annotator could compare: page, JSON, statements, order, history.


def shape(value):
    """Keys and kinds of a JSON value, numbers and texts apart from their content."""
    if isinstance(value, dict):
        return {key: shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shape(one) for one in value]
    return type(value).__name__


def one_of_each(campaign, ann, now):
    """Lease, describe and submit a production task, a gold one and a repeat; what each showed."""
    answer_next(campaign, ann, now=now - 8 * DAY)
    # rubric and wording are read once by the process, whatever the kind
    warm = lease_next_task(annotator=ann, campaign=campaign, now=now, chance=lambda: NEITHER)
    describe_work(warm, now=now, language="en")
    answer(warm, now=now)
    stock_hidden(campaign=campaign, now=now, rng=seeded(1))
    shown = {}
    for purpose, draw in (
        (Purpose.PRODUCTION, NEITHER), (Purpose.GOLD, GOLD), (Purpose.REPEAT, REPEAT),
    ):  # fmt: skip
        with CaptureQueriesContext(connection) as leasing:
            lease = lease_next_task(
                annotator=ann, campaign=campaign, now=now, chance=iter([draw]).__next__
            )
        with CaptureQueriesContext(connection) as describing:
            work = describe_work(lease, now=now, language="en")
        with CaptureQueriesContext(connection) as submitting:
            rating = answer(lease, now=now)
        assert rating.purpose == purpose
        counts = [len(one) for one in (leasing, describing, submitting)]
        shown[purpose] = (lease, work, rating, counts)
    return shown


def test_hidden_checks_look_exactly_like_production(campaign, ann):
    shown = one_of_each(campaign, ann, NOON)
    works = [work for _, work, _, _ in shown.values()]
    assert shape(works[0]) == shape(works[1]) == shape(works[2])
    fixed = ("guideline", "rubric", "seconds_left", "draft", "draft_number", "language")
    assert len({json.dumps([work[key] for key in fixed]) for work in works}) == 1
    statements = [counts for _, _, _, counts in shown.values()]
    assert statements[0] == statements[1] == statements[2]
    for _, _, rating, _ in shown.values():
        assert rating.status == "active"
        assert rating.open_until == rating.submitted_at + timedelta(minutes=10)
        assert rating.closed_at is None


def test_a_repeat_is_shown_in_an_order_of_its_own(campaign, ann):
    orders = set()
    for turn in range(8):
        first = answer_next(campaign, ann, now=NOON - 8 * DAY)
        stock_hidden(campaign=campaign, now=NOON, rng=seeded(turn))
        again = answer_next(campaign, ann, draws=[REPEAT])
        orders.add(tuple(first.candidate_order) == tuple(again.candidate_order))
    assert False in orders


def test_page_api_and_history_treat_all_alike(campaign, ann, client):
    now = timezone.now()
    client.force_login(ann)
    answer_next(campaign, ann, now=now - 8 * DAY)
    answer_next(campaign, ann, now=now)
    stock_hidden(campaign=campaign, now=now, rng=seeded(1))
    pages, answers = [], []
    for draw in (NEITHER, GOLD, REPEAT):
        lease = lease_next_task(
            annotator=ann, campaign=campaign, now=now, chance=iter([draw]).__next__
        )
        page = client.get(f"/campaigns/{campaign.slug}/work/").content.decode()
        text = page.replace(str(lease.token), "TOKEN")
        text = text.replace(lease.task.campaign_item.item.instruction, "INSTRUCTION")
        pages.append(VARYING.sub("#", text))
        work = describe_work(lease, now=now, language="en")
        scores = [
            {"position": place, "dimension": key, "level": 2}
            for place in range(1, len(work["candidates"]) + 1)
            for key in ("if", "vq")
        ]
        uuid = f"00000000-0000-4000-8000-{len(answers):012}"
        said = client.post(
            f"/api/v1/work/leases/{lease.token}/submit",
            {"client_uuid": uuid, "seconds": 30, "scores": scores},
            content_type="application/json",
        )
        again = client.get(f"/api/v1/work/ratings/{uuid}").json()
        answers.append((said.status_code, shape(said.json()), shape(again)))
    assert answers[0] == answers[1] == answers[2]
    assert pages[0] == pages[1] == pages[2]
    history = client.get(f"/campaigns/{campaign.slug}/history/").content.decode()
    assert history.count("?change=") == 4
    for word in ("gold", "repeat", "qualif", "cross"):
        assert word not in history.lower()
    assert Rating.objects.filter(annotator=ann, purpose=Purpose.GOLD).count() == 1


def test_no_hidden_check_comes_where_no_work_is_left():
    """It would stand out: "nothing is left" again and again, and then an item."""
    campaign = make_campaign(6, k=2)
    make_gold(campaign, 4)
    set_quality_plan(actor=None, campaign=campaign, changes={"gold_share": 1.0})
    [ann] = make_annotators(campaign, 1)
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    kinds = [answer_next(campaign, ann, draws=[draw]).purpose for draw in (0.5, 1.0, 1.0)]
    assert kinds == [Purpose.GOLD, Purpose.PRODUCTION, Purpose.PRODUCTION]
    assert Task.objects.filter(purpose=Purpose.GOLD, state="open", assigned_to=ann).exists()
    for turn in range(3):
        with pytest.raises(NothingToDoError):
            lease_next_task(
                annotator=ann, campaign=campaign, now=NOON + turn * DAY, chance=lambda: 0.0
            )


def test_the_work_that_a_check_replaced_comes_next(campaign, ann):
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    gold = answer_next(campaign, ann, draws=[GOLD])
    assert gold.purpose == Purpose.GOLD
    assert answer_next(campaign, ann, draws=[NEITHER]).task_id == gold.task.stands_for_id


def test_what_an_annotator_can_look_up_is_never_repeated(campaign, ann):
    ratings = [answer_next(campaign, ann, now=NOON - 8 * DAY) for _ in range(3)]
    plan = campaign.quality_plan
    items = {one.campaign_item_id for one in ratings}
    assert set(repeatable_items(plan=plan, annotator=ann, now=NOON)) == items
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    assert Task.objects.filter(purpose=Purpose.REPEAT, state="open").count() == 3
    # one is talked about, another decided: both stand on pages of their own
    say_as_annotator(lease=ratings[0].lease, text="Why?", now=NOON)
    ReviewCase.objects.create(
        campaign=campaign, campaign_item_id=ratings[1].campaign_item_id, opened_at=NOON,
        reasons=["range"], state=ReviewState.DECIDED, decided_at=NOON, decided_by=make_user(),
    )  # fmt: skip
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    waiting = Task.objects.filter(purpose=Purpose.REPEAT, state="open")
    assert waiting.get().campaign_item_id == ratings[2].campaign_item_id
    assert set(repeatable_items(plan=plan, annotator=ann, now=NOON)) == set()


def test_what_was_in_hand_at_a_pause_by_gold_is_rated_again_too(campaign, ann):
    held = lease_next_task(annotator=ann, campaign=campaign, now=NOON, chance=lambda: NEITHER)
    member = Membership.objects.get(user=ann)
    pause_annotator(actor=None, membership=member, reason=PauseReason.GOLD, now=NOON)
    assert not Task.objects.filter(purpose=Purpose.RERATE).exists()
    rating = answer(held, now=NOON + timedelta(minutes=2))
    assert rating.status == "active"
    for minute in (3, 4):
        check(campaign, NOON + timedelta(minutes=minute))
    again = Task.objects.get(purpose=Purpose.RERATE)
    assert again.campaign_item_id == rating.campaign_item_id
    Task.objects.filter(pk=again.pk).update(state="filled")
    check(campaign, NOON + timedelta(minutes=5))
    assert Task.objects.filter(purpose=Purpose.RERATE).count() == 1


def test_a_paused_annotator_is_refused_the_next_item_at_once(campaign, ann, client):
    client.force_login(ann)
    where = f"/api/v1/work/campaigns/{campaign.slug}/next"
    held = client.post(where, {}, content_type="application/json").json()
    member = Membership.objects.get(user=ann)
    pause_annotator(actor=None, membership=member, reason=PauseReason.DRIFT, now=timezone.now())
    refused = client.post(where, {}, content_type="application/json")
    assert refused.status_code == 403
    assert "is not your fault" in json.dumps(refused.json())
    # what is in hand may still be submitted: nothing is lost
    scores = [
        {"position": place, "dimension": key, "level": 2}
        for place in range(1, 5)
        for key in ("if", "vq")
    ]
    said = client.post(
        f"/api/v1/work/leases/{held['token']}/submit",
        {"client_uuid": str(uuid4()), "seconds": 30, "scores": scores},
        content_type="application/json",
    )
    assert (said.status_code, said.json()["status"]) == (201, "active")
    assert client.post(where, {}, content_type="application/json").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_closes_hidden_checks_with_the_rest(campaign, ann):
    stock_hidden(campaign=campaign, now=NOON, rng=seeded(1))
    kinds = [answer_next(campaign, ann, draws=[draw]) for draw in (NEITHER, GOLD)]
    choices = SnapshotChoices(SplitChoices(5))
    snapshot = take_snapshot(
        campaign=campaign, created_by=None, choices=choices, progress=lambda *_said: None
    )
    assert snapshot.rating_count == 1
    for rating in kinds:
        rating.refresh_from_db()
        assert rating.closed_at is not None


def test_skipping_a_check_answers_as_skipping_work_does(campaign, ann, client):
    client.force_login(ann)
    now = timezone.now()
    stock_hidden(campaign=campaign, now=now, rng=seeded(1))
    answers = []
    for draw in (NEITHER, GOLD):
        lease = lease_next_task(
            annotator=ann, campaign=campaign, now=now, chance=iter([draw]).__next__
        )
        where = f"/api/v1/work/leases/{lease.token}"
        flagged = client.post(f"{where}/flag", {"kind": "broken"}, content_type="application/json")
        talk = client.get(f"/campaigns/{campaign.slug}/questions/{lease.token}/")
        skipped = client.post(f"{where}/skip", {"reason": "odd"}, content_type="application/json")
        again = lease_next_task(annotator=ann, campaign=campaign, now=now, chance=lambda: NEITHER)
        assert again.task.campaign_item_id != lease.task.campaign_item_id
        release_lease(lease=again, now=now)
        page = VARYING.sub("#", talk.content.decode().replace(str(lease.token), "TOKEN"))
        answers.append((flagged.json(), skipped.json(), talk.status_code, page))
    assert answers[0] == answers[1]


def test_images_of_a_check_come_with_the_same_headers_as_those_of_work(campaign, ann, client):
    client.force_login(ann)
    now = timezone.now()
    stock_hidden(campaign=campaign, now=now, rng=seeded(1))
    heads = []
    for draw in (NEITHER, GOLD):
        lease = lease_next_task(
            annotator=ann, campaign=campaign, now=now, chance=iter([draw]).__next__
        )
        answers = [client.get(f"/work/{lease.token}/image/{place}") for place in (0, 1)]
        for one in answers:
            list(one.streaming_content)
        heads.append([{k: v for k, v in one.headers.items() if k != "Content-Length"}
                      for one in answers])  # fmt: skip
    assert heads[0] == heads[1]
