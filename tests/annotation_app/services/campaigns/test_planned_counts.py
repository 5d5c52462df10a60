"""Exactly the planned ratings, whatever admins do while leases are open."""

from datetime import timedelta

import pytest

from annotation_app.enums import (
    CampaignState,
    LeaseOutcome,
    MembershipStatus,
    RatingStatus,
    TaskState,
)
from annotation_app.exceptions import NothingToDoError
from annotation_app.models import Campaign, Item, Lease, Membership, Rating, Task
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.queue.leases import skip_task
from annotation_app.services.rating.submission import submit_rating
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

pytestmark = pytest.mark.django_db

LATER = NOON + timedelta(minutes=11)  # past every lease of noon


def rate_all(person, campaign, now):
    """Rate until nothing is left for a person; return how many counted."""
    counted = 0
    while True:
        try:
            lease = lease_next_task(annotator=person, campaign=campaign, now=now)
        except NothingToDoError:
            return counted
        stored = submit_rating(lease=lease, judgement=make_judgement(lease), now=now)
        counted += stored.rating.status == RatingStatus.ACTIVE


def assert_exactly_planned(campaign):
    tasks = Task.objects.filter(campaign=campaign)
    assert tasks.exclude(state=TaskState.FILLED).count() == 0
    active = Rating.objects.filter(campaign=campaign, status=RatingStatus.ACTIVE)
    assert active.count() == active.values("task").distinct().count() == tasks.count()


def test_members_who_leave_with_items_in_hand_leave_no_hole():
    campaign = make_campaign(6, k=3, base=2, overlap=2)
    ann, ben, cam = make_annotators(campaign, 3)
    for _ in range(4):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    Membership.objects.filter(user=ann).update(status=MembershipStatus.LEFT)
    assert rate_all(ben, campaign, LATER) + rate_all(cam, campaign, LATER) == 12
    assert_exactly_planned(campaign)


def test_skips_and_late_submits_leave_neither_hole_nor_surplus():
    campaign = make_campaign(4, k=3, base=1)
    ann, ben = make_annotators(campaign, 2)
    skipped = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    skip_task(lease=skipped, reason="too dark", now=NOON)
    late = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    assert rate_all(ben, campaign, LATER) == 4
    beaten = submit_rating(lease=late, judgement=make_judgement(late), now=LATER)
    regretted = submit_rating(lease=skipped, judgement=make_judgement(skipped), now=LATER)
    assert beaten.rating.status == regretted.rating.status == RatingStatus.SUPERSEDED
    assert_exactly_planned(campaign)


def test_a_campaign_that_is_finished_with_items_in_hand_takes_them_and_can_go_on():
    campaign = make_campaign(3, k=3, base=1)
    ann, ben = make_annotators(campaign, 2)
    held = [lease_next_task(annotator=ann, campaign=campaign, now=NOON) for _ in range(2)]
    Campaign.objects.update(state=CampaignState.FINISHED)
    campaign.refresh_from_db()
    stored = submit_rating(lease=held[0], judgement=make_judgement(held[0]), now=NOON)
    assert stored.rating.status == RatingStatus.ACTIVE
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=ben, campaign=campaign, now=LATER)
    Campaign.objects.update(state=CampaignState.ACTIVE)
    campaign.refresh_from_db()
    assert rate_all(ben, campaign, LATER) == 2
    assert_exactly_planned(campaign)


def test_a_slot_closed_under_its_holder_does_not_fill_their_hands_for_good():
    campaign = make_campaign(6, k=3, base=1)
    [ann] = make_annotators(campaign, 1)
    held = [lease_next_task(annotator=ann, campaign=campaign, now=NOON) for _ in range(4)]
    Task.objects.filter(leases__in=held).update(state=TaskState.CLOSED, lease_expires_at=None)
    assert rate_all(ann, campaign, LATER) == 2
    ended = Lease.objects.filter(pk__in=[lease.pk for lease in held])
    assert set(ended.values_list("outcome", flat=True)) == {LeaseOutcome.EXPIRED}
    late = submit_rating(lease=held[0], judgement=make_judgement(held[0]), now=LATER)
    assert late.rating.status == RatingStatus.SUPERSEDED
    assert Item.objects.count() == 6
