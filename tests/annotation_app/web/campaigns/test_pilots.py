"""A pilot: everyone rates the same items, apart from the data; then production."""

from datetime import timedelta

import pytest
from django.urls import reverse

from annotation_app.enums import DATA_PURPOSES, Purpose, Role, TaskState
from annotation_app.exceptions import ConflictError, InvalidInputError, NothingToDoError
from annotation_app.models import (
    AuditEvent,
    Criterion,
    Dimension,
    Pilot,
    Rating,
    Rubric,
    Task,
    Thread,
    ThreadMessage,
)
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.agreement.tables import campaign_agreement
from annotation_app.selectors.campaigns.pilot_scores import LevelPair
from annotation_app.selectors.campaigns.pilots import pilot_report
from annotation_app.selectors.rating.scores import counted_scores
from annotation_app.selectors.reviewing.threads import readable_messages
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.campaigns.creation import CampaignDesign, create_campaign
from annotation_app.services.campaigns.pilots import extend_pilot, promote_pilot, start_pilot
from annotation_app.services.campaigns.plan_jobs import request_plan, run_plan_job
from annotation_app.services.people.members import add_member
from annotation_app.services.rating.submission import submit_rating
from annotation_app.services.reviewing.threads import say_as_annotator
from annotation_app.services.snapshots.splits import SplitChoices
from annotation_app.services.snapshots.taking import SnapshotChoices, take_snapshot
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
    assert report.items[0].spread == [("Instruction", 3.0), ("Quality", 0.0)]
    assert report.items[1].spread == [("Instruction", 0.0), ("Quality", 0.0)]
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


def snap(campaign):
    choices = SnapshotChoices(SplitChoices(5))
    return take_snapshot(
        campaign=campaign, created_by=None, choices=choices, progress=lambda *_said: None
    )


@pytest.mark.django_db(transaction=True)
def test_a_finished_pilot_is_in_no_report_live_figure_snapshot_or_api(client):
    campaign = make_campaign(6, k=2)
    pilot, people, _actor = begin(campaign)
    for person in people:
        for _ in range(3):
            rate_next(campaign, person)
    assert pilot_report(pilot, NAMES).filled == 6
    assert {one.summary.n_units for one in campaign_agreement(campaign)} == {0}
    live = read_live(campaign, facets=())
    assert sum(sum(live.pooled.level_counts(key)) for key in live.dimensions) == 0
    with pytest.raises(NothingToDoError):
        snap(campaign)
    rate_next(campaign, people[0])  # one production item
    snapshot = snap(campaign)
    assert (snapshot.item_count, snapshot.rating_count) == (1, 1)
    researcher = make_user()
    add_member(actor=None, campaign=campaign, user=researcher, role=Role.RESEARCHER)
    client.force_login(researcher)
    rows = client.get(f"/api/v1/campaigns/{campaign.slug}/scores/").json()["results"]
    assert len(rows) == 4  # two candidates on two dimensions, of the production item


def test_the_report_names_the_levels_and_criteria_that_divide_people():
    campaign = make_campaign(4, k=2)
    pilot, people, _actor = begin(campaign, count=2, annotators=3)
    exclusivity, aesthetics = (
        Criterion.objects.get(dimension__rubric=campaign.rubric_id, key=key)
        for key in ("exclusivity", "aesthetics")
    )
    for person, level in zip(people, (1, 1, 3), strict=True):
        for turn in range(2):
            lease = lease_next_task(annotator=person, campaign=campaign, now=NOON)
            submit_rating(lease=lease, judgement=make_judgement(lease, (level, 2)), now=NOON)
            about = exclusivity if turn == 0 else aesthetics
            if turn == 0 or person == people[0]:
                say_as_annotator(lease=lease, text="Why?", now=NOON, criterion=about)
    report = pilot_report(pilot, NAMES)
    first, second = report.dimensions
    # on each of 4 candidates the pairs are 1-1, 1-3 and 1-3
    assert (first.gaps.pairs, first.gaps.equal, first.gaps.far) == (12, 4, 8)
    assert first.gaps.mixed == [LevelPair(1, 3, 8)]
    assert (second.gaps.equal, second.gaps.mixed) == (12, [])
    named = [(one.criterion.criterion.key, one.people) for one in report.criteria]
    assert named == [("exclusivity", 3), ("aesthetics", 1)]
    assert report.criteria[0].criterion.dimension == "Instruction Following"


def test_a_message_cannot_name_a_criterion_of_another_rubric(client):
    campaign = make_campaign(2, k=2)
    [ann] = make_annotators(campaign, 1)
    rating = rate_next(campaign, ann)
    other = Rubric.objects.create(name="Other", slug="other")
    dimension = Dimension.objects.create(rubric=other, key="x", ordinal=1)
    foreign = Criterion.objects.create(dimension=dimension, key="y", ordinal=1)
    with pytest.raises(InvalidInputError):
        say_as_annotator(lease=rating.lease, text="Why?", now=NOON, criterion=foreign)
    client.force_login(ann)
    where = reverse("thread-own", args=[campaign.slug, rating.lease.token])
    own = Criterion.objects.filter(dimension__rubric=campaign.rubric_id).first()
    client.post(where, {"text": "Is this exclusive?", "about": str(own.pk)})
    assert ThreadMessage.objects.get().criterion == own


def test_a_reviewer_opens_the_talk_about_a_pilot_item(client):
    campaign = make_campaign(6, k=2)
    pilot, people, _actor = begin(campaign)
    rating = rate_next(campaign, people[0])
    reviewer = make_user()
    add_member(actor=None, campaign=campaign, user=reviewer, role=Role.REVIEWER)
    client.force_login(reviewer)
    report = client.get(reverse("pilot", args=[campaign.slug])).content.decode()
    where = reverse("thread-open", args=[campaign.slug, rating.campaign_item.item_id])
    assert where in report
    answer = client.post(where)
    client.post(where)
    thread = Thread.objects.get()
    assert answer.headers["Location"] == reverse(
        "thread-detail", args=[campaign.slug, thread.public_id]
    )
    client.post(answer.headers["Location"], {"text": "A three.", "act": "answer", "to": ""})
    messages = readable_messages(rating.lease, now=NOON + timedelta(hours=1))
    assert [one.body for one in messages] == ["A three."]
    assert pilot.items.filter(pk=rating.campaign_item_id).exists()
