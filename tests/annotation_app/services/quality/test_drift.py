"""The rule on drift: a CUSUM of residuals against the others, hourly, with a notice or a pause."""

from datetime import timedelta

import numpy as np
import pytest

from analytics.raters.residuals import Course
from annotation_app.enums import (
    MembershipStatus,
    NoteKind,
    PauseReason,
    Purpose,
    RuleAction,
)
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import (
    AnnotatorNote,
    AuditEvent,
    Membership,
    QualityCursor,
    QualityPlan,
    Rating,
    Task,
)
from annotation_app.selectors.quality.calibration import read_calibration
from annotation_app.selectors.quality.residual_series import course_since, residual_series
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.quality.drifting import drift_rule, find_drift, watch_drift
from annotation_app.services.quality.gating import say_pause
from annotation_app.services.quality.pausing import resume_annotator
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality_checks import run_quality_checks
from annotation_app.services.rating.submission import submit_rating
from tests.factories.gold import seeded
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement, make_user

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
STEADY, STRAYING = 24, 12


def rate(campaign, person, levels, now):
    lease = lease_next_task(annotator=person, campaign=campaign, now=now)
    judgement = make_judgement(lease, levels=levels)
    return submit_rating(lease=lease, judgement=judgement, now=now).rating


@pytest.fixture
def campaign():
    return make_campaign(STEADY + STRAYING, k=3, base=2)


@pytest.fixture
def people(campaign):
    return make_annotators(campaign, 2)


def work(campaign, people, *, straying=STRAYING):
    """`ann` rates 2 and 3 in turn where `ben` says 2, and in the end always 4."""
    ann, ben = people
    for turn in range(STEADY + straying):
        now = NOON + turn * MINUTE
        level = 4 if turn >= STEADY else 2 + turn % 2
        rate(campaign, ann, (level, 2), now)
        rate(campaign, ben, (2, 2), now)
    return NOON + (STEADY + straying) * MINUTE


def test_a_drifting_annotator_is_paused_kindly_and_work_since_its_onset_is_rated_again(
    campaign, people
):
    ann, _ben = people
    now = work(campaign, people)
    plan = QualityPlan.objects.create(campaign=campaign)
    found = watch_drift(plan=plan, now=now)
    assert set(found) == {person.pk for person in people}  # two people: both are the others
    drift = found[ann.pk]
    assert (drift.dimension, drift.rising) == ("if", True)
    # the 3 just before it counts as its beginning
    assert drift.onset == NOON + (STEADY - 1) * MINUTE
    member = Membership.objects.get(user=ann)
    assert member.status == MembershipStatus.PAUSED
    assert member.annotator_status.pause_reason == PauseReason.DRIFT
    assert "is not your fault" in say_pause(
        read_calibration(annotator=ann, campaign=campaign, now=now)
    )
    again = set(Task.objects.filter(purpose=Purpose.RERATE).values_list("campaign_item", flat=True))
    late = Rating.objects.filter(submitted_at__gte=drift.onset)
    assert again == set(late.values_list("campaign_item", flat=True))
    event = AuditEvent.objects.get(verb="paused", object_type="annotator", object_id=str(ann.pk))
    assert event.data["dimension"] == "if"
    assert event.data["rising"] is True


def test_a_steady_annotator_is_left_alone(campaign, people):
    now = work(campaign, people, straying=0)
    assert watch_drift(plan=QualityPlan.objects.create(campaign=campaign), now=now) == {}


def test_a_plan_may_only_notify_or_be_off(campaign, people):
    now = work(campaign, people)
    plan = set_quality_plan(
        actor=None, campaign=campaign, changes={"drift_action": RuleAction.OFF.value}
    )
    assert watch_drift(plan=plan, now=now) == {}
    plan = set_quality_plan(
        actor=None, campaign=campaign, changes={"drift_action": RuleAction.NOTICE.value}
    )
    watch_drift(plan=plan, now=now)
    watch_drift(plan=plan, now=now + MINUTE)  # told once
    assert [note.kind for note in AnnotatorNote.objects.all()] == [NoteKind.DRIFT] * 2
    assert not Membership.objects.filter(status=MembershipStatus.PAUSED).exists()
    assert not Task.objects.filter(purpose=Purpose.RERATE).exists()
    with pytest.raises(InvalidInputError):
        set_quality_plan(actor=None, campaign=campaign, changes={"drift_action": "shout"})


def test_after_a_pause_the_course_begins_anew(campaign, people):
    ann, _ben = people
    now = work(campaign, people)
    plan = QualityPlan.objects.create(campaign=campaign)
    watch_drift(plan=plan, now=now)
    for person in people:
        member = Membership.objects.get(user=person)
        resume_annotator(actor=make_user(), membership=member, now=now + MINUTE)
    assert watch_drift(plan=plan, now=now + MINUTE) == {}
    assert Membership.objects.get(user=ann).status == MembershipStatus.ACTIVE


def test_a_round_looks_for_drift_every_ten_minutes(campaign, people):
    now = work(campaign, people)
    run_quality_checks(campaign=campaign, now=NOON, rng=seeded(1))
    first = QualityCursor.objects.get().drift_at
    run_quality_checks(campaign=campaign, now=NOON + 9 * MINUTE, rng=seeded(1))
    assert QualityCursor.objects.get().drift_at == first
    run_quality_checks(campaign=campaign, now=now, rng=seeded(1))
    assert QualityCursor.objects.get().drift_at == now


def test_courses_hold_the_mean_residual_of_each_shared_item(campaign, people):
    ann, ben = people
    work(campaign, people, straying=1)
    rate(campaign, ann, (1, 1), NOON + timedelta(hours=9))  # nobody else has rated it
    courses = residual_series(campaign)
    expected = [turn % 2 for turn in range(STEADY)] + [2]
    assert courses["if"][ann.pk].residuals == pytest.approx(expected)
    assert courses["if"][ben.pk].residuals == pytest.approx([-one for one in expected])
    assert courses["vq"][ann.pk].residuals == pytest.approx([0] * (STEADY + 1))
    later = course_since(courses["if"][ann.pk], NOON + STEADY * MINUTE)
    assert later.residuals.tolist() == [2]


def test_the_dimensions_together_keep_the_stated_false_alarms():
    plan = QualityPlan(drift_run_length=2000)
    assert drift_rule(plan, 2).average_run_length() == pytest.approx(4000)
    rng, alarms = np.random.default_rng(31), 0
    for _ in range(200):
        courses = [Course(rng.normal(size=300), np.arange(300.0)) for _ in range(2)]
        alarms += any(find_drift("if", one, drift_rule(plan, 2)) for one in courses)
    assert alarms / 200 == pytest.approx(1 - np.exp(-285 / 2000), abs=0.07)
