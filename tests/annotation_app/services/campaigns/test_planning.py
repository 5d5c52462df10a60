import pytest
from django.db.models import Count

from annotation_app.enums import Design, Lane, Purpose, TaskState
from annotation_app.exceptions import JobCancelledError
from annotation_app.models import (
    AuditEvent,
    CampaignItem,
    Candidate,
    DrawnCandidate,
    Item,
    Task,
)
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.pilots import start_pilot
from annotation_app.services.campaigns.planning import plan_campaign
from tests.factories.gold import make_gold
from tests.factories.world import (
    NOON,
    make_annotators,
    make_campaign,
    make_collection,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_every_item_gets_its_base_slots_and_k_drawn_candidates():
    campaign = make_campaign(10, k=7, base=2)
    assert Task.objects.filter(campaign=campaign).count() == 20
    assert set(
        CampaignItem.objects.filter(campaign=campaign)
        .annotate(n=Count("drawn"))
        .values_list("n", flat=True)
    ) == {7}
    task = Task.objects.filter(campaign=campaign).first()
    assert (task.state, task.purpose, task.design) == (
        TaskState.OPEN,
        Purpose.PRODUCTION,
        Design.RANDOM,
    )
    assert task.guideline == campaign.guideline
    assert task.inclusion_probability == 1.0


def test_the_overlap_sample_has_more_slots_with_their_inclusion_probability():
    campaign = make_campaign(200, base=1, share=0.25, overlap=3)
    sample = CampaignItem.objects.filter(campaign=campaign, in_overlap_sample=True)
    assert 25 <= sample.count() <= 75  # 50 expected, standard deviation 6.1
    assert Task.objects.filter(campaign=campaign).count() == 200 + 2 * sample.count()
    extra = Task.objects.filter(campaign=campaign, ordinal=3).first()
    assert extra.inclusion_probability == 0.25


def test_planning_again_adds_nothing():
    campaign = make_campaign(20, base=1, share=0.5, overlap=3)
    before = list(Task.objects.order_by("pk").values_list("pk", flat=True))
    summary = plan_campaign(campaign=campaign)
    assert (summary.items_added, summary.tasks_added) == (0, 0)
    assert list(Task.objects.order_by("pk").values_list("pk", flat=True)) == before


def test_a_wider_plan_adds_slots_and_a_narrower_one_removes_none():
    campaign = make_campaign(40, base=1, share=0.0, overlap=1)
    set_overlap_plan(
        actor=None, campaign=campaign, base_ratings=2, overlap_share=1.0, overlap_ratings=3
    )
    assert plan_campaign(campaign=campaign).tasks_added == 80
    set_overlap_plan(
        actor=None, campaign=campaign, base_ratings=1, overlap_share=0.0, overlap_ratings=1
    )
    assert plan_campaign(campaign=campaign).tasks_added == 0
    assert Task.objects.filter(campaign=campaign).count() == 120
    assert AuditEvent.objects.filter(verb="planned", campaign=campaign).count() == 2


def test_items_imported_later_join_and_leave_the_others_as_they_are():
    campaign = make_campaign(5)
    drawn = set(DrawnCandidate.objects.values_list("pk", "candidate_id"))
    late = Item.objects.create(
        collection=campaign.collection,
        external_id="late",
        instruction="Add a hat.",
        source_image=Item.objects.first().source_image,
    )
    without = plan_campaign(campaign=campaign)
    assert (without.tasks_added, without.items_without_candidates) == (0, 1)
    donor = Candidate.objects.first()
    Candidate.objects.create(
        item=late, external_id="a", generator=donor.generator, image=donor.image
    )
    assert plan_campaign(campaign=campaign).items_added == 1
    assert drawn < set(DrawnCandidate.objects.values_list("pk", "candidate_id"))


def test_the_draw_depends_on_seed_and_names_alone():
    collection = make_collection(6)
    design = CampaignDesign(seed=7, candidates_per_item=3, reserved_share=0.5)
    draws = []
    for name in ("One", "Two"):
        campaign = create_campaign(actor=None, name=name, collection=collection, design=design)
        plan_campaign(campaign=campaign)
        drawn = DrawnCandidate.objects.filter(campaign_item__campaign=campaign)
        items = CampaignItem.objects.filter(campaign=campaign).order_by("item")
        draws.append(
            (
                list(drawn.order_by("candidate").values_list("candidate", "ordinal")),
                list(items.values_list("item", "reserved")),
                list(
                    Task.objects.filter(campaign=campaign, ordinal=1)
                    .order_by("campaign_item__item")
                    .values_list("priority", flat=True)
                ),
            )
        )
    assert draws[0] == draws[1]


def test_reserved_items_wait_in_their_own_lane():
    campaign = make_campaign(100, reserved=0.3)
    reserved = CampaignItem.objects.filter(campaign=campaign, reserved=True).count()
    assert 12 <= reserved <= 48  # 30 expected, standard deviation 4.6
    assert Task.objects.filter(campaign=campaign, lane=Lane.RESERVED).count() == reserved


def test_priorities_are_spread_over_the_unit_interval():
    campaign = make_campaign(200)
    priorities = sorted(Task.objects.filter(campaign=campaign).values_list("priority", flat=True))
    assert len(set(priorities)) == 200
    assert 0 <= priorities[0] < 0.1
    assert 0.9 < priorities[-1] < 1


def test_progress_is_told():
    campaign = create_campaign(actor=None, name="Told", collection=make_collection(3))
    heard: list[tuple[int, int]] = []
    plan_campaign(campaign=campaign, progress=lambda done, total: heard.append((done, total)))
    assert heard == [(3, 3)]


def test_the_overlap_sample_waits_in_the_reserved_lane_and_its_share_is_noted():
    campaign = create_campaign(
        actor=None,
        name="Both",
        collection=make_collection(60),
        design=CampaignDesign(seed=3, candidates_per_item=3, reserved_share=0.0),
    )
    set_overlap_plan(
        actor=None, campaign=campaign, base_ratings=1, overlap_share=0.3, overlap_ratings=3
    )
    plan_campaign(campaign=campaign)
    overlapping = CampaignItem.objects.filter(campaign=campaign, in_overlap_sample=True)
    waiting = Task.objects.filter(campaign=campaign, lane=Lane.RESERVED)
    assert set(waiting.values_list("campaign_item", flat=True)) == set(
        overlapping.values_list("pk", flat=True)
    )
    planned = 60 + 2 * overlapping.count()
    campaign.refresh_from_db()
    assert campaign.reserved_task_share == pytest.approx(3 * overlapping.count() / planned)


def test_a_wider_plan_serves_neither_gold_nor_pilot_items():
    campaign = make_campaign(6, k=2)
    [gold] = make_gold(campaign, 1)
    make_annotators(campaign, 2)
    pilot = start_pilot(actor=make_user(), campaign=campaign, count=1, now=NOON)
    set_overlap_plan(actor=None, campaign=campaign, base_ratings=3, overlap_ratings=3)
    assert plan_campaign(campaign=campaign).tasks_added == 12
    apart = [gold.campaign_item_id, pilot.items.get().pk]
    slots = Task.objects.filter(campaign=campaign, purpose=Purpose.PRODUCTION)
    assert set(slots.filter(campaign_item__in=apart).values_list("state", flat=True)) == {"closed"}
    assert slots.filter(state=TaskState.OPEN).count() == 12


def test_a_run_that_stops_leaves_what_it_added_ready_to_be_served(monkeypatch):
    monkeypatch.setattr("annotation_app.services.campaigns.planning.CHUNK", 5)
    campaign = create_campaign(
        actor=None,
        name="Stopped",
        collection=make_collection(20, 2),
        design=CampaignDesign(seed=1, candidates_per_item=2, reserved_share=0.5),
    )

    def stop(done, _total):
        if done == 15:
            raise JobCancelledError("stopped")

    with pytest.raises(JobCancelledError):
        plan_campaign(campaign=campaign, progress=stop)
    assert campaign.campaign_items.count() == 15
    campaign.refresh_from_db()
    before = campaign.reserved_task_share
    assert 0 < before < 1
    assert plan_campaign(campaign=campaign).items_added == 5
