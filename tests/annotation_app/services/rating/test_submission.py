import re
from datetime import timedelta
from uuid import uuid4

import pytest

from annotation_app.enums import LeaseOutcome, RatingStatus, TaskState
from annotation_app.exceptions import ConflictError, InvalidInputError, NothingToDoError
from annotation_app.models import (
    AuditEvent,
    CampaignItemChange,
    Rating,
    RatingRevision,
    Score,
    Task,
)
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.queue.leases import skip_task
from annotation_app.services.rating.judgements import ScoreInput
from annotation_app.services.rating.revisions import release_rating, revise_rating
from annotation_app.services.rating.submission import submit_rating
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement, make_user

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=11)


@pytest.fixture
def campaign():
    return make_campaign(2)


@pytest.fixture
def lease(campaign):
    [annotator] = make_annotators(campaign, 1)
    return lease_next_task(annotator=annotator, campaign=campaign, now=NOON)


def test_a_submit_stores_every_score_and_fills_the_slot(lease):
    result = submit_rating(
        lease=lease, judgement=make_judgement(lease, levels=(4, 1), note="odd"), now=NOON
    )
    rating = Rating.objects.get()
    assert (result.rating, result.is_repeat, rating.status) == (rating, False, "active")
    assert rating.candidate_order == lease.candidate_order
    assert rating.current_revision.note == "odd"
    assert Score.objects.filter(dimension__key="if", level=4).count() == 7
    assert Score.objects.filter(dimension__key="vq", level=1).count() == 7
    task = Task.objects.get(pk=lease.task_id)
    lease.refresh_from_db()
    assert (task.state, lease.outcome) == (TaskState.FILLED, LeaseOutcome.SUBMITTED)
    assert CampaignItemChange.objects.get().campaign_item == task.campaign_item
    assert AuditEvent.objects.filter(verb="submitted").count() == 1


def test_the_same_submit_again_returns_the_same_result(lease):
    judgement = make_judgement(lease)
    first = submit_rating(lease=lease, judgement=judgement, now=NOON)
    again = submit_rating(lease=lease, judgement=judgement, now=LATER)
    assert again.rating == first.rating
    assert again.is_repeat
    assert RatingRevision.objects.count() == 1
    assert CampaignItemChange.objects.count() == 1


def test_another_submit_of_the_same_task_is_refused_with_the_stored_one(lease):
    first = make_judgement(lease)
    submit_rating(lease=lease, judgement=first, now=NOON)
    with pytest.raises(ConflictError, match="already submitted this item") as refused:
        submit_rating(lease=lease, judgement=make_judgement(lease, levels=(1, 1)), now=NOON)
    assert refused.value.details["client_uuid"] == str(first.client_uuid)
    assert Score.objects.filter(level=1).count() == 0


def test_a_client_uuid_of_another_task_is_refused(campaign, lease):
    judgement = make_judgement(lease)
    submit_rating(lease=lease, judgement=judgement, now=NOON)
    other = lease_next_task(annotator=lease.annotator, campaign=campaign, now=NOON)
    with pytest.raises(ConflictError, match="another submission"):
        submit_rating(
            lease=other,
            judgement=make_judgement(other, client_uuid=judgement.client_uuid),
            now=NOON,
        )


def broken(lease, name):
    good = make_judgement(lease)
    scores = list(good.scores)
    first = scores[0].candidate_id
    changes = {
        "missing score": scores[:-1],
        "twice": [*scores[:-1], scores[0]],
        "level outside": [
            ScoreInput(candidate_id=first, dimension="if", level=99),
            *scores[1:],
        ],
        "foreign candidate": [
            ScoreInput(candidate_id=10**9, dimension="if", level=1),
            *scores[1:],
        ],
        "unknown dimension": [
            ScoreInput(candidate_id=first, dimension="fun", level=1),
            *scores[1:],
        ],
        "level and reason": [
            ScoreInput(candidate_id=first, dimension="if", level=1, missing_reason="other"),
            *scores[1:],
        ],
        "unknown reason": [
            ScoreInput(candidate_id=first, dimension="if", missing_reason="tired"),
            *scores[1:],
        ],
        "nothing at all": [],
    }
    return make_judgement(lease, scores=changes[name])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing score", "1 of 14 scores are missing"),
        ("twice", "scored twice on if"),
        ("level outside", "99 is not a level of if: use one of 1, 2, 3, 4"),
        ("foreign candidate", "does not show"),
        ("unknown dimension", "no dimension fun"),
        ("level and reason", "either a level or a reason"),
        ("unknown reason", "not a reason"),
        ("nothing at all", "14 of 14"),
    ],
)
def test_what_breaks_the_rubric_is_refused_whole(lease, name, message):
    with pytest.raises(InvalidInputError, match=message):
        submit_rating(lease=lease, judgement=broken(lease, name), now=NOON)
    assert not Rating.objects.exists()
    assert not Score.objects.exists()
    assert Task.objects.get(pk=lease.task_id).state == TaskState.LEASED


def test_a_reason_stands_for_a_level(lease):
    scores = list(make_judgement(lease).scores)
    scores[0] = ScoreInput(
        candidate_id=scores[0].candidate_id, dimension="if", missing_reason="unsafe"
    )
    submit_rating(lease=lease, judgement=make_judgement(lease, scores=scores), now=NOON)
    assert Score.objects.get(level=None).missing_reason == "unsafe"


def test_a_late_submit_fills_a_slot_that_is_still_open(lease):
    result = submit_rating(lease=lease, judgement=make_judgement(lease), now=LATER)
    assert result.rating.status == RatingStatus.ACTIVE


def test_the_first_of_two_holders_fills_and_the_other_is_superseded(campaign, lease):
    for _ in range(2):
        ben = make_annotators(campaign, 1)[0]
        second = lease_next_task(annotator=ben, campaign=campaign, now=LATER)
        if second.task == lease.task:
            break
    assert second.task == lease.task
    late = submit_rating(lease=lease, judgement=make_judgement(lease), now=LATER)
    assert late.rating.status == RatingStatus.ACTIVE
    second.refresh_from_db()
    assert second.outcome == LeaseOutcome.EXPIRED
    beaten = submit_rating(lease=second, judgement=make_judgement(second), now=LATER)
    assert beaten.rating.status == RatingStatus.SUPERSEDED
    assert CampaignItemChange.objects.count() == 1
    assert AuditEvent.objects.filter(verb="superseded").count() == 1


def test_whoever_was_superseded_is_not_asked_again():
    campaign = make_campaign(1, base=2, overlap=2)
    ann, ben = make_annotators(campaign, 2)
    late = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    fast = lease_next_task(annotator=ben, campaign=campaign, now=LATER)
    assert fast.task == late.task
    submit_rating(lease=fast, judgement=make_judgement(fast), now=LATER)
    submit_rating(lease=late, judgement=make_judgement(late), now=LATER)
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=ann, campaign=campaign, now=LATER)


def test_a_second_slot_of_the_same_item_never_counts_the_same_annotator():
    campaign = make_campaign(1, base=2, overlap=2)
    [ann] = make_annotators(campaign, 1)
    first = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    second = lease_next_task(annotator=ann, campaign=campaign, now=LATER)
    submit_rating(lease=second, judgement=make_judgement(second), now=LATER)
    if first.task != second.task:
        kept = submit_rating(lease=first, judgement=make_judgement(first), now=LATER)
        assert kept.rating.status == RatingStatus.SUPERSEDED
    assert Rating.objects.filter(status=RatingStatus.ACTIVE).count() == 1


def test_a_submit_after_a_skip_is_kept_too(lease):
    skip_task(lease=lease, reason="oops", now=NOON)
    result = submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON)
    assert result.rating.status == RatingStatus.ACTIVE


def test_a_rating_can_be_revised_for_ten_minutes_and_keeps_what_it_said(lease):
    rating = submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON).rating
    edit = make_judgement(lease, levels=(1, 1))
    soon = NOON + timedelta(minutes=9)
    revised = revise_rating(rating=rating, judgement=edit, now=soon)
    revise_rating(rating=rating, judgement=edit, now=soon)
    assert [r.number for r in revised.revisions.order_by("number")] == [1, 2]
    assert set(revised.current_revision.scores.values_list("level", flat=True)) == {1}
    assert CampaignItemChange.objects.count() == 2
    assert Task.objects.get(pk=lease.task_id).state == TaskState.FILLED
    with pytest.raises(ConflictError, match="closed"):
        revise_rating(rating=rating, judgement=make_judgement(lease), now=LATER)


def test_a_rating_that_was_used_is_closed_at_once(lease):
    rating = submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON).rating
    Rating.objects.update(closed_at=NOON)
    with pytest.raises(ConflictError, match="closed"):
        revise_rating(rating=rating, judgement=make_judgement(lease), now=NOON)


def test_a_revision_must_be_complete_too(lease):
    rating = submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON).rating
    with pytest.raises(InvalidInputError):
        revise_rating(rating=rating, judgement=make_judgement(lease, scores=[]), now=NOON)


def test_releasing_a_rating_opens_its_slot_for_somebody_else():
    campaign = make_campaign(1)
    ann, ben = make_annotators(campaign, 2)
    lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    rating = submit_rating(lease=lease, judgement=make_judgement(lease), now=NOON).rating
    admin = make_user(superuser=True)
    release_rating(actor=admin, rating=rating, reason="spam", now=NOON)
    with pytest.raises(ConflictError):
        release_rating(actor=admin, rating=rating, reason="spam", now=NOON)
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    second = lease_next_task(annotator=ben, campaign=campaign, now=NOON)
    submit_rating(lease=second, judgement=make_judgement(second), now=NOON)
    assert Rating.objects.filter(status=RatingStatus.ACTIVE).get().annotator == ben


@pytest.mark.parametrize("seconds", [-1.0, 1e6])
def test_impossible_times_are_refused(lease, seconds):
    with pytest.raises(InvalidInputError, match="time"):
        submit_rating(lease=lease, judgement=make_judgement(lease, seconds=seconds), now=NOON)


def test_a_submit_locks_and_updates_only_its_own_item(lease, django_assert_max_num_queries):
    with django_assert_max_num_queries(10) as caught:
        submit_rating(lease=lease, judgement=make_judgement(lease, client_uuid=uuid4()), now=NOON)
    said = " ".join(query["sql"] for query in caught)
    assert set(re.findall(r"UPDATE (annotation_app_\w+)", said)) == {
        "annotation_app_task",
        "annotation_app_lease",
    }
    assert re.findall(r"FROM (annotation_app_\w+) WHERE id = \d+ FOR NO KEY UPDATE", said) == [
        "annotation_app_campaignitem"
    ]
