from datetime import timedelta

import pytest

from annotation_app.enums import AttemptResult, CalibrationStep, Purpose
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import Lease, Task
from annotation_app.selectors.quality.calibration import read_calibration
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.quality.following import follow_up
from annotation_app.services.quality.lessons import save_lesson
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality.qualifying import pass_by_hand, start_attempt
from annotation_app.services.queue.leases import skip_task
from annotation_app.services.rubrics.rubrics import publish_guideline
from tests.factories.gold import answer, answer_next, make_gold
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def campaign():
    """Twelve items: two in a lesson, six in the test bank, four of production."""
    campaign = make_campaign(12, k=7)
    gold = make_gold(campaign, 8)
    save_lesson(
        actor=make_user(),
        campaign=campaign,
        lesson=None,
        title="First steps",
        introduction="Look at both pictures.",
        examples=gold[:2],
    )
    set_quality_plan(
        actor=None,
        campaign=campaign,
        changes={
            "training_required": True,
            "qualification_required": True,
            "attempt_items": 3,
            "most_attempts": 2,
            "wait_hours": 24.0,
        },
    )
    return campaign


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


def step(campaign, annotator, now=NOON):
    return read_calibration(annotator=annotator, campaign=campaign, now=now).step


def train(campaign, annotator, now=NOON):
    while step(campaign, annotator, now) == CalibrationStep.TRAIN:
        rating = answer_next(campaign, annotator, now=now)
        follow_up(lease=rating.lease, now=now)


def attempt(campaign, annotator, *, knows, now=NOON):
    made = start_attempt(annotator=annotator, campaign=campaign, now=now)
    for _ in range(made.items.count()):
        rating = answer_next(campaign, annotator, knows=knows, now=now)
        follow_up(lease=rating.lease, now=now)
    made.refresh_from_db()
    return made


def test_training_comes_first_one_example_at_a_time_and_its_feedback_closes_the_rating(
    campaign, ann
):
    lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    assert lease.task.purpose == Purpose.TRAINING
    with pytest.raises(NothingToDoError, match="current example"):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    rating = answer(lease)
    page = follow_up(lease=lease, now=NOON)
    assert page.name == "training-feedback"
    rating.refresh_from_db()
    assert rating.closed_at == NOON
    state = read_calibration(annotator=ann, campaign=campaign, now=NOON)
    assert (state.step, state.done, state.total) == (CalibrationStep.TRAIN, 1, 2)
    train(campaign, ann)
    assert step(campaign, ann) == CalibrationStep.QUALIFY


def test_a_skipped_example_comes_again(campaign, ann):
    lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    skip_task(lease=lease, reason="later", now=NOON)
    again = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    assert again.task.campaign_item_id == lease.task.campaign_item_id


def test_who_fails_waits_gets_other_items_and_works_after_passing(campaign, ann):
    train(campaign, ann)
    with pytest.raises(NothingToDoError, match="test comes first"):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    first = attempt(campaign, ann, knows=False)
    assert first.result == AttemptResult.FAILED
    assert first.figures["if"]["kappa"] < 0
    state = read_calibration(annotator=ann, campaign=campaign, now=NOON)
    assert (state.step, state.until) == (CalibrationStep.WAIT, NOON + DAY)
    with pytest.raises(NothingToDoError, match="Your next attempt"):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    with pytest.raises(ConflictError):
        start_attempt(annotator=ann, campaign=campaign, now=NOON)

    second = attempt(campaign, ann, knows=True, now=NOON + DAY)
    assert second.result == AttemptResult.PASSED
    assert second.figures["vq"]["kappa"] == 1.0
    shown = [{item.gold_item_id for item in one.items.all()} for one in (first, second)]
    assert shown[0].isdisjoint(shown[1])
    lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON + DAY)
    assert lease.task.purpose == Purpose.PRODUCTION


def test_attempts_run_out_and_an_admin_can_let_somebody_pass_for_a_reason(campaign, ann):
    train(campaign, ann)
    attempt(campaign, ann, knows=False)
    attempt(campaign, ann, knows=False, now=NOON + DAY)
    assert step(campaign, ann, NOON + 2 * DAY) == CalibrationStep.EXHAUSTED
    pass_by_hand(
        actor=make_user(), annotator=ann, campaign=campaign, reason="known expert", now=NOON + DAY
    )
    assert step(campaign, ann, NOON + 2 * DAY) == CalibrationStep.WORK


def test_a_skipped_test_item_counts_as_not_known(campaign, ann):
    train(campaign, ann)
    made = start_attempt(annotator=ann, campaign=campaign, now=NOON)
    for place in range(3):
        lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
        if place:
            skip_task(lease=lease, reason="hard", now=NOON)
        else:
            answer(lease)
        follow_up(lease=lease, now=NOON)
    made.refresh_from_db()
    assert made.result == AttemptResult.FAILED
    assert made.figures["if"]["within_one"] == pytest.approx(1 / 3)


def test_absence_and_a_new_guideline_ask_for_the_test_again(campaign, ann):
    train(campaign, ann)
    attempt(campaign, ann, knows=True)
    assert step(campaign, ann, NOON + 29 * DAY) == CalibrationStep.WORK
    assert step(campaign, ann, NOON + 31 * DAY) == CalibrationStep.QUALIFY
    answer_next(campaign, ann, now=NOON + 20 * DAY)
    assert step(campaign, ann, NOON + 31 * DAY) == CalibrationStep.WORK
    publish_guideline(
        actor=make_user(),
        campaign=campaign,
        document={"en": "New."},
        wording=campaign.guideline.wording,
        change_note={"en": "Clearer."},
    )
    campaign.refresh_from_db()
    assert step(campaign, ann, NOON + 31 * DAY) == CalibrationStep.QUALIFY


def test_a_bank_item_is_met_once_in_one_role_and_never_as_data(campaign, ann):
    train(campaign, ann)
    attempt(campaign, ann, knows=False)
    attempt(campaign, ann, knows=True, now=NOON + DAY)
    purposes = {}
    for lease in Lease.objects.filter(annotator=ann).select_related("task"):
        purposes.setdefault(lease.task.campaign_item_id, set()).add(lease.task.purpose)
    assert all(len(roles) == 1 for roles in purposes.values())
    bank = Task.objects.filter(campaign_item__gold_item__isnull=False, purpose="production")
    assert set(bank.values_list("state", flat=True)) == {"closed"}
