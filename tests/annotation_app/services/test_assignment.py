from datetime import timedelta

import pytest

from annotation_app.enums import CampaignState, LeaseOutcome, TaskState
from annotation_app.exceptions import ConflictError, InvalidInputError, NothingToDoError
from annotation_app.models import Campaign, Lease, Membership, QueueCursor, Task
from annotation_app.services.assignment import lease_next_task, reset_cursors
from annotation_app.services.queue.leases import release_lease, renew_lease, skip_task
from annotation_app.services.rating.drafts import save_draft
from annotation_app.services.rating.submission import submit_rating
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=11)


def work(annotator, campaign, now=NOON):
    lease = lease_next_task(annotator=annotator, campaign=campaign, now=now)
    submit_rating(lease=lease, judgement=make_judgement(lease), now=now)
    return lease


def test_tasks_come_by_priority_and_never_twice():
    campaign = make_campaign(6)
    [ann] = make_annotators(campaign, 1)
    served = [work(ann, campaign).task_id for _ in range(6)]
    best_first = Task.objects.filter(campaign=campaign).order_by("-priority")
    assert served == list(best_first.values_list("pk", flat=True))
    with pytest.raises(NothingToDoError, match="There are no more items"):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)


def test_a_fifth_lease_is_refused():
    campaign = make_campaign(6)
    [ann] = make_annotators(campaign, 1)
    slots = [lease_next_task(annotator=ann, campaign=campaign, now=NOON).slot for _ in range(4)]
    assert slots == [1, 2, 3, 4]
    with pytest.raises(ConflictError, match="as many items open"):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)


def test_overlap_means_different_annotators():
    campaign = make_campaign(3, base=2, overlap=2)
    ann, ben = make_annotators(campaign, 2)
    for _ in range(3):
        work(ann, campaign)
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    for _ in range(3):
        work(ben, campaign)
    assert set(Task.objects.values_list("state", flat=True)) == {TaskState.FILLED}


def test_the_candidate_order_is_random_recorded_and_stable():
    campaign = make_campaign(1, base=3, overlap=3)
    people = make_annotators(campaign, 3)
    leases = [lease_next_task(annotator=p, campaign=campaign, now=NOON) for p in people]
    orders = [lease.candidate_order for lease in leases]
    assert len({tuple(order) for order in orders}) == 3  # of 5,040 orders each
    assert len({frozenset(order) for order in orders}) == 1
    release_lease(lease=leases[0], now=NOON)
    again = lease_next_task(annotator=people[0], campaign=campaign, now=NOON)
    assert again.candidate_order == leases[0].candidate_order
    assert again.token == leases[0].token


def test_an_expired_lease_is_served_to_somebody_else():
    campaign = make_campaign(1)
    ann, ben = make_annotators(campaign, 2)
    first = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=ben, campaign=campaign, now=NOON + timedelta(minutes=9))
    second = lease_next_task(annotator=ben, campaign=campaign, now=LATER)
    first.refresh_from_db()
    assert second.task == first.task
    assert first.outcome == LeaseOutcome.EXPIRED
    with pytest.raises(ConflictError, match="lease expired"):
        renew_lease(lease=first, now=LATER)


def test_a_renewed_lease_is_not_reclaimed():
    campaign = make_campaign(1)
    ann, ben = make_annotators(campaign, 2)
    lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    renew_lease(lease=lease, now=NOON + timedelta(minutes=9))
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=ben, campaign=campaign, now=LATER)


def test_unfinished_work_comes_back_first_with_its_draft():
    campaign = make_campaign(5)
    [ann] = make_annotators(campaign, 1)
    lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    other = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    save_draft(lease=other, draft={"scores": {"1": {"if": 3}}}, number=1)
    again = lease_next_task(annotator=ann, campaign=campaign, now=LATER)
    assert again == other
    assert again.draft == {"scores": {"1": {"if": 3}}}
    assert lease.task != again.task


def test_a_skipped_item_goes_to_somebody_else_and_not_back():
    campaign = make_campaign(1, base=1)
    ann, ben = make_annotators(campaign, 2)
    lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    with pytest.raises(InvalidInputError):
        skip_task(lease=lease, reason=" ", now=NOON)
    skip_task(lease=lease, reason="Cannot read it", now=NOON)
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    assert lease_next_task(annotator=ben, campaign=campaign, now=NOON).task == lease.task


def test_a_slot_that_came_back_is_found_behind_the_cursor():
    campaign = make_campaign(40, base=2, overlap=2)
    ann, ben = make_annotators(campaign, 2)
    held = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    for _ in range(30):
        work(ben, campaign)
    assert QueueCursor.objects.get(annotator=ben).ranked_task is not None
    twin = Task.objects.filter(campaign_item=held.task.campaign_item)
    assert twin.filter(state=TaskState.FILLED).count() == 1
    skip_task(lease=held, reason="broken", now=NOON)
    cat = make_annotators(campaign, 1)[0]
    QueueCursor.objects.create(annotator=cat, campaign=campaign, ranked_priority=0, ranked_task=1)
    assert lease_next_task(annotator=cat, campaign=campaign, now=NOON).task == held.task


def test_the_reserved_lane_is_served_with_its_share():
    campaign = make_campaign(80, reserved=0.5)
    Campaign.objects.filter(pk=campaign.pk).update(reserved_task_share=0.25)
    campaign.refresh_from_db()
    [ann] = make_annotators(campaign, 1)
    lanes = [work(ann, campaign).task.lane for _ in range(40)]
    assert lanes.count("reserved") == 10


def test_one_lane_serves_on_when_the_other_is_empty():
    campaign = make_campaign(12, reserved=0.5)
    [ann] = make_annotators(campaign, 1)
    assert len({work(ann, campaign).task_id for _ in range(12)}) == 12


def test_work_for_one_person_waits_for_that_person():
    campaign = make_campaign(3)
    ann, ben = make_annotators(campaign, 2)
    last = Task.objects.order_by("priority").first()
    Task.objects.filter(pk=last.pk).update(assigned_to=ben)
    assert [work(ann, campaign).task_id for _ in range(2)].count(last.pk) == 0
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    assert lease_next_task(annotator=ben, campaign=campaign, now=NOON).task == last


def test_new_priorities_hold_once_the_cursors_are_reset():
    campaign = make_campaign(60, base=2, overlap=2)
    [ann] = make_annotators(campaign, 1)
    for _ in range(20):
        work(ann, campaign)
    worst = Task.objects.filter(state=TaskState.OPEN).order_by("priority").first()
    Task.objects.filter(pk=worst.pk).update(priority=5.0)
    reset_cursors(campaign=campaign)
    assert lease_next_task(annotator=ann, campaign=campaign, now=NOON).task == worst


def test_paused_campaigns_and_reached_caps_say_so():
    campaign = make_campaign(3)
    [ann] = make_annotators(campaign, 1)
    Membership.objects.filter(user=ann).update(daily_cap=1)
    work(ann, campaign)
    with pytest.raises(NothingToDoError, match="cap"):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    campaign.state = CampaignState.PAUSED
    with pytest.raises(NothingToDoError, match="not active"):
        lease_next_task(annotator=ann, campaign=campaign, now=NOON)


def test_a_slots_first_lease_pins_the_guideline_of_that_moment():
    campaign = make_campaign(2)
    [ann] = make_annotators(campaign, 1)
    first = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    old = campaign.guideline
    new = type(old).objects.create(rubric=campaign.rubric, campaign=campaign, number=2)
    Campaign.objects.filter(pk=campaign.pk).update(guideline=new)
    second = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    assert (first.task.guideline, second.task.guideline) == (old, new)
    assert Lease.objects.filter(task__guideline=new).count() == 1


def test_a_later_draft_is_never_overwritten_by_an_earlier_one():
    campaign = make_campaign(1)
    [ann] = make_annotators(campaign, 1)
    lease = lease_next_task(annotator=ann, campaign=campaign, now=NOON)
    assert save_draft(lease=lease, draft={"n": 2}, number=2) == 2
    assert save_draft(lease=lease, draft={"n": 1}, number=1) == 2
    lease.refresh_from_db()
    assert lease.draft == {"n": 2}
    with pytest.raises(InvalidInputError):
        save_draft(lease=lease, draft={"n": "x" * 30_000}, number=3)
