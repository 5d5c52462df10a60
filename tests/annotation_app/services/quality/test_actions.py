from datetime import timedelta

import pytest

from annotation_app.enums import MembershipStatus, NoteKind, PauseReason, RatingStatus
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import AnnotatorNote, AuditEvent, Membership, Rating, Task
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.quality.behaviour import watch_behaviour
from annotation_app.services.quality.notes import write_note
from annotation_app.services.quality.pausing import pause_annotator, resume_annotator
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality.releasing import release_work, undo_release
from annotation_app.services.queue.leases import skip_task
from annotation_app.services.rating.drafts import save_draft
from annotation_app.services.rating.submission import submit_rating
from tests.factories.gold import answer_next
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def campaign():
    return make_campaign(30, k=2)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


def member(ann):
    return Membership.objects.get(user=ann)


def test_released_work_can_be_restored_where_nobody_has_rated_since(campaign, ann):
    for _ in range(3):
        answer_next(campaign, ann)
    admin = make_user()
    release = release_work(
        actor=admin, membership=member(ann), since=None, reason="guesses", now=NOON
    )
    assert Rating.objects.filter(status=RatingStatus.RELEASED).count() == 3
    [other] = make_annotators(campaign, 1)
    taken = answer_next(campaign, other, now=NOON + MINUTE)  # released slots come first
    assert undo_release(actor=admin, release=release, now=NOON + 2 * MINUTE) == 2
    counted = Rating.objects.filter(annotator=ann, status=RatingStatus.ACTIVE)
    assert counted.count() == 2
    assert taken.task_id not in set(counted.values_list("task", flat=True))
    filled = Task.objects.filter(ratings__in=counted)
    assert set(filled.values_list("state", flat=True)) == {"filled"}
    with pytest.raises(ConflictError):
        undo_release(actor=admin, release=release, now=NOON)
    assert AuditEvent.objects.filter(object_type="work_release").count() == 2


def test_fast_answers_bring_a_notice_first_and_a_pause_if_they_go_on(campaign, ann):
    plan = set_quality_plan(
        actor=None, campaign=campaign, changes={"fast_notice": 3, "fast_pause": 5}
    )

    def answer_fast(times):
        for _ in range(times):
            lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
            submit_rating(lease=lease, judgement=make_judgement(lease, seconds=1.0), now=NOON)
        watch_behaviour(plan=plan, annotators={ann.pk}, now=NOON + MINUTE)

    answer_fast(2)
    assert not AnnotatorNote.objects.exists()
    answer_fast(1)
    assert AnnotatorNote.objects.get().kind == NoteKind.SPEED
    answer_fast(1)
    assert member(ann).status == MembershipStatus.ACTIVE
    answer_fast(1)
    assert member(ann).status == MembershipStatus.PAUSED
    assert member(ann).annotator_status.pause_reason == PauseReason.SPEED
    assert not Task.objects.filter(purpose="rerate").exists()
    resume_annotator(actor=make_user(), membership=member(ann), now=NOON + MINUTE)
    watch_behaviour(plan=plan, annotators={ann.pk}, now=NOON + MINUTE)
    assert member(ann).status == MembershipStatus.ACTIVE  # what lies before does not count again


def test_one_slow_answer_ends_a_fast_run(campaign, ann):
    plan = set_quality_plan(actor=None, campaign=campaign, changes={"fast_notice": 2})
    for seconds in (1.0, 40.0, 1.0):
        lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
        submit_rating(lease=lease, judgement=make_judgement(lease, seconds=seconds), now=NOON)
    watch_behaviour(plan=plan, annotators={ann.pk}, now=NOON)
    assert not AnnotatorNote.objects.exists()


def test_skips_in_a_row_bring_a_notice_then_a_pause(campaign, ann):
    plan = set_quality_plan(
        actor=None, campaign=campaign, changes={"skip_notice": 2, "skip_pause": 4}
    )
    for turn in range(4):
        lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON + turn * MINUTE)
        skip_task(lease=lease, reason="too hard", now=NOON + turn * MINUTE)
        watch_behaviour(plan=plan, annotators={ann.pk}, now=NOON + turn * MINUTE)
    assert [note.kind for note in AnnotatorNote.objects.all()] == [NoteKind.SKIPS]
    assert member(ann).status == MembershipStatus.PAUSED


def test_pausing_twice_is_once_and_messages_need_words(campaign, ann):
    admin = make_user()
    pause = {"actor": admin, "membership": member(ann), "reason": PauseReason.PERSON, "now": NOON}
    assert pause_annotator(**pause, text="Let us talk.")
    assert not pause_annotator(**pause)
    with pytest.raises(InvalidInputError):
        write_note(actor=admin, membership=member(ann), kind=NoteKind.MESSAGE, now=NOON, text=" ")


def test_a_pause_gives_back_what_was_only_fetched_ahead(campaign, ann):
    begun, ahead = (lease_next_task(annotator=ann, campaign=campaign, now=NOON) for _ in range(2))
    save_draft(lease=begun, draft={"scores": {"1": {"if": 3}}}, number=1)
    pause_annotator(actor=None, membership=member(ann), reason=PauseReason.SPEED, now=NOON)
    begun.refresh_from_db()
    ahead.refresh_from_db()
    assert begun.ended_at is None
    assert ahead.outcome == "released"
    [other] = make_annotators(campaign, 1)
    assert lease_next_task(annotator=other, campaign=campaign, now=NOON).task_id == ahead.task_id
    # who looked at it all the same loses nothing: the later rating is kept, uncounted
    first = submit_rating(lease=begun, judgement=make_judgement(begun), now=NOON).rating
    assert first.status == RatingStatus.ACTIVE
    answered = submit_rating(lease=ahead, judgement=make_judgement(ahead), now=NOON).rating
    assert answered.status == RatingStatus.ACTIVE  # the other one has not submitted yet


def test_rules_that_contradict_each_other_are_refused(campaign):
    for changes in (
        {"good_accuracy": 0.6, "bad_accuracy": 0.7},
        {"gold_share": 0.7, "repeat_share": 0.4},
        {"attempt_items": 0},
        {"pass_rule": {"if": {"kappa": "high"}}},
    ):
        with pytest.raises(InvalidInputError):
            set_quality_plan(actor=None, campaign=campaign, changes=changes)
