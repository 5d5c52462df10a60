"""A pilot: everyone rates the same items, apart from the data; then production."""

import pytest
from django.urls import reverse

from annotation_app.enums import DATA_PURPOSES, Purpose, Role, TaskState
from annotation_app.exceptions import ConflictError, NothingToDoError
from annotation_app.models import AuditEvent, Pilot, Rating, Task
from annotation_app.selectors.pilots import pilot_report
from annotation_app.selectors.scores import counted_scores
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.campaigns import CampaignDesign, create_campaign
from annotation_app.services.members import add_member
from annotation_app.services.pilots.starting import extend_pilot, promote_pilot, start_pilot
from annotation_app.services.setup.plan_jobs import request_plan, run_plan_job
from annotation_app.services.submission import submit_rating
from tests.factories.rated import rate_next
from tests.factories.world import (
    NOON,
    make_annotators,
    make_campaign,
    make_collection,
    make_judgement,
    make_user,
)

pytestmark = pytest.mark.django_db
NAMES = {"if": "Instruction", "vq": "Quality"}


def begin(campaign, count=3, annotators=2):
    people = make_annotators(campaign, annotators)
    actor = make_user(superuser=True)
    return start_pilot(actor=actor, campaign=campaign, count=count, now=NOON), people, actor


def test_everyone_gets_the_pilots_items_first_and_nothing_of_it_is_data():
    campaign = make_campaign(8, k=2)
    _pilot, people, _actor = begin(campaign)
    for person in people:
        ratings = [rate_next(campaign, person) for _ in range(3)]
        assert {rating.purpose for rating in ratings} == {Purpose.PILOT}
        assert len({rating.campaign_item_id for rating in ratings}) == 3
        assert rate_next(campaign, person).purpose == Purpose.PRODUCTION
    assert {row.annotator for row in counted_scores(campaign)} == {one.pk for one in people}
    assert len(list(counted_scores(campaign))) == 2 * 2 * 2  # one item each, k 2, two dimensions


def test_the_pilots_items_leave_production_for_good():
    campaign = make_campaign(8, k=2)
    pilot, people, actor = begin(campaign)
    held = Task.objects.filter(campaign_item__in=pilot.items.all(), purpose__in=DATA_PURPOSES)
    assert {task.state for task in held} == {TaskState.CLOSED}
    for person in people:
        [rate_next(campaign, person) for _ in range(3)]
    job = promote_pilot(actor=actor, pilot=pilot, now=NOON)
    run_plan_job(job, lambda _done, _total, _said: None)
    served = Rating.objects.filter(purpose=Purpose.PRODUCTION)
    for _ in range(5):
        rate_next(campaign, people[0])
    with pytest.raises(NothingToDoError):
        rate_next(campaign, people[0])
    assert served.count() == 5
    assert not served.filter(campaign_item__in=pilot.items.all()).exists()


def test_before_production_is_planned_only_the_pilot_can_be_rated():
    collection = make_collection(6)
    campaign = create_campaign(
        actor=None,
        name="Pilot first",
        collection=collection,
        design=CampaignDesign(seed=1, candidates_per_item=2),
    )
    pilot, people, actor = begin(campaign, count=2)
    with pytest.raises(ConflictError, match="pilot"):
        request_plan(campaign=campaign, actor=actor)
    for _ in range(2):
        rate_next(campaign, people[0])
    with pytest.raises(NothingToDoError):
        lease_next_task(annotator=people[0], campaign=campaign, now=NOON)
    job = promote_pilot(actor=actor, pilot=pilot, now=NOON)
    result = run_plan_job(job, lambda _done, _total, _said: None)
    assert result["items_added"] == 4
    assert AuditEvent.objects.filter(object_type="pilot", verb="promoted").count() == 1
    with pytest.raises(ConflictError):
        promote_pilot(actor=actor, pilot=pilot, now=NOON)


def test_who_joins_later_gets_the_pilot_too_and_nobody_twice():
    campaign = make_campaign(6, k=2)
    pilot, _people, actor = begin(campaign)
    assert extend_pilot(actor=actor, pilot=pilot) == 0
    late = make_annotators(campaign, 1)[0]
    assert extend_pilot(actor=actor, pilot=pilot) == 3
    assert Task.objects.filter(purpose=Purpose.PILOT, assigned_to=late).count() == 3


def test_the_report_puts_the_most_disputed_item_first():
    campaign = make_campaign(4, k=2)
    pilot, (one, other), _actor = begin(campaign, count=2)
    for person in (one, other):
        for _ in range(2):
            lease = lease_next_task(annotator=person, campaign=campaign, now=NOON)
            first = lease.task.campaign_item_id == pilot.items.order_by("pk")[0].pk
            levels = (4, 2) if first and person == one else (1, 2)
            submit_rating(lease=lease, judgement=make_judgement(lease, levels), now=NOON)
    report = pilot_report(pilot, NAMES)
    assert (report.slots, report.filled) == (4, 4)
    assert report.items[0].spread == {"Instruction": 3.0, "Quality": 0.0}
    assert report.items[1].spread == {"Instruction": 0.0, "Quality": 0.0}
    assert [one.spread for one in report.dimensions] == [1.5, 0.0]
    assert report.dimensions[1].summary.headline.estimate.value is None  # no variation


def test_a_pilot_needs_two_annotators_and_happens_once(client):
    campaign = make_campaign(6, k=2)
    admin = make_user()
    add_member(actor=None, campaign=campaign, user=admin, role=Role.ADMIN)
    client.force_login(admin)
    where = reverse("pilot-start", args=[campaign.slug])
    client.post(where, {"items": "2"})
    assert not Pilot.objects.exists()
    make_annotators(campaign, 2)
    client.post(where, {"items": "2"})
    assert Pilot.objects.get().items.count() == 2
    assert client.get(reverse("pilot", args=[campaign.slug])).status_code == 200
    assert client.get(reverse("pilot-promote", args=[campaign.slug])).status_code == 200
    assert client.get(reverse("campaign-setup", args=[campaign.slug])).status_code == 200
