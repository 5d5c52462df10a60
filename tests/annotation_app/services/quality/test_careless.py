"""The rules on flat items and on the share of fast answers."""

from datetime import timedelta

import pytest

from analytics.raters.speed import speed_test
from annotation_app.enums import MembershipStatus, NoteKind, PauseReason, Purpose
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import AnnotatorNote, Membership, QualityPlan, Rating, Task
from annotation_app.selectors.quality.straight_lining import straight_lining_run
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.quality.behaviour import share_test, watch_behaviour
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.rating.judgements import ScoreInput
from annotation_app.services.rating.submission import submit_rating
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def campaign():
    return make_campaign(40, k=3)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


def member(ann):
    return Membership.objects.select_related("annotator_status", "campaign").get(user=ann)


def rate(campaign, ann, turn, *, flat, seconds=40.0):
    now = NOON + turn * MINUTE
    lease = lease_next_task(annotator=ann, campaign=campaign, now=now)
    scores = [
        ScoreInput(candidate_id=pk, dimension=key, level=2 if flat else 1 + place)
        for place, pk in enumerate(lease.candidate_order)
        for key in ("if", "vq")
    ]
    judgement = make_judgement(lease, scores=scores, seconds=seconds)
    submit_rating(lease=lease, judgement=judgement, now=now)
    return now


def test_flat_items_in_a_row_bring_a_notice_then_a_pause_and_are_rated_again(campaign, ann):
    plan = QualityPlan.objects.create(campaign=campaign)  # 4 and 8 by default
    now = rate(campaign, ann, 0, flat=False)
    for turn in range(1, 9):
        assert member(ann).status == MembershipStatus.ACTIVE
        now = rate(campaign, ann, turn, flat=True)
        watch_behaviour(plan=plan, annotators={ann.pk}, now=now)
        assert AnnotatorNote.objects.exists() == (turn >= 4)
    assert [note.kind for note in AnnotatorNote.objects.all()] == [NoteKind.STRAIGHT]
    assert member(ann).annotator_status.pause_reason == PauseReason.STRAIGHT
    again = Task.objects.filter(purpose=Purpose.RERATE).values_list("campaign_item", flat=True)
    flat = Rating.objects.filter(submitted_at__gt=NOON).values_list("campaign_item", flat=True)
    assert set(again) == set(flat)
    assert len(again) == 8


def test_one_item_with_differences_ends_a_flat_run(campaign, ann):
    for turn, flat in enumerate((True, True, False, True)):
        rate(campaign, ann, turn, flat=flat)
    run, began = straight_lining_run(annotator=ann.pk, campaign=campaign.pk, since=None)
    assert (run, began) == (1, NOON + 3 * MINUTE)


def test_items_of_two_candidates_say_nothing_about_flatness():
    campaign = make_campaign(5, k=2)
    [ann] = make_annotators(campaign, 1)
    for turn in range(5):
        rate(campaign, ann, turn, flat=True)
    assert straight_lining_run(annotator=ann.pk, campaign=campaign.pk, since=None) == (0, None)


def test_fast_answers_among_slow_ones_bring_a_notice_and_then_a_pause(campaign, ann):
    """Every second answer is fast: never two in a row, far more than one in fifty.

    A fast answer adds log(.15/.02) = 2.01, a slow one log(.85/.98) = -.14; the boundary
    log(.95/.002) = 6.16 is crossed by the fourth fast answer, after three slow ones.
    """
    plan = QualityPlan.objects.create(campaign=campaign)
    kinds = []
    for turn in range(14):
        now = rate(campaign, ann, turn, flat=False, seconds=40.0 if turn % 2 else 1.0)
        watch_behaviour(plan=plan, annotators={ann.pk}, now=now + MINUTE / 2)
        kinds.append((AnnotatorNote.objects.count(), member(ann).status))
    assert kinds[5] == (0, MembershipStatus.ACTIVE)
    assert kinds[6] == (1, MembershipStatus.ACTIVE)
    # the second test begins after the notice: slow, fast, slow, fast, …
    assert kinds[-1] == (1, MembershipStatus.ACTIVE)
    now = rate(campaign, ann, 14, flat=False, seconds=1.0)
    watch_behaviour(plan=plan, annotators={ann.pk}, now=now)
    assert member(ann).annotator_status.pause_reason == PauseReason.SPEED


def test_a_few_fast_answers_are_nobodys_fault(campaign, ann):
    for turn in range(30):
        rate(campaign, ann, turn, flat=False, seconds=1.0 if turn % 15 == 0 else 40.0)
    plan = QualityPlan.objects.create(campaign=campaign)
    watch_behaviour(plan=plan, annotators={ann.pk}, now=NOON)
    assert not AnnotatorNote.objects.exists()
    state = share_test(member=member(ann), floor=3.0, too_much=plan.fast_share, since=None)
    assert state.log_ratio == pytest.approx(2 * 2.0149 - 28 * 0.1423, abs=1e-3)


def test_the_share_of_fast_answers_must_exceed_what_is_tolerated(campaign):
    with pytest.raises(InvalidInputError):
        set_quality_plan(actor=None, campaign=campaign, changes={"fast_share": 0.01})
    set_quality_plan(actor=None, campaign=campaign, changes={"fast_share": 0.0})
    assert speed_test(0.15).pause_probability(0.98) == pytest.approx(0.002, abs=1e-6)
