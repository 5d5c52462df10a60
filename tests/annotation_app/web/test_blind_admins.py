"""What admins keep and lose who rate or review in a campaign with the same collection."""

import pytest
from django.urls import reverse

from annotation_app.enums import MembershipStatus, Role
from annotation_app.models import Flag, Membership
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.people.members import add_member
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db

# To run a campaign nobody needs an item: people, plans, rules, guidelines, alerts, figures.
KEPT = (
    "alert-list",
    "campaign-home",
    "campaign-plan",
    "campaign-setup",
    "dataset-list",
    "disagreements",
    "flags",
    "guideline-versions",
    "member-list",
    "model-list",
    "quality",
    "rater-list",
    "thread-inbox",
    "workload",
)
# These show items, whichever way they are asked.
LOST = ("gold-bank", "lessons")
SENTENCE = "must not see anything about them first"


@pytest.fixture
def campaigns():
    """Two campaigns over one collection, one flag on it."""
    here = make_campaign(2, k=2)
    design = CampaignDesign(seed=7, candidates_per_item=2, reserved_share=0.0)
    there = create_campaign(actor=None, name="Next door", collection=here.collection, design=design)
    set_overlap_plan(actor=None, campaign=there, overlap_share=0.0)
    plan_campaign(campaign=there)
    item = here.campaign_items.order_by("pk")[0].item
    Flag.objects.create(item=item, annotator=make_user(), kind="broken", note="Looks torn")
    return here, there


@pytest.mark.parametrize("judges", [Role.ANNOTATOR, Role.REVIEWER])
def test_an_admin_who_judges_next_door_runs_the_campaign_without_its_items(
    judges, campaigns, client
):
    here, there = campaigns
    admin = make_user()
    add_member(actor=None, campaign=here, user=admin, role=Role.ADMIN)
    add_member(actor=None, campaign=there, user=admin, role=judges)
    client.force_login(admin)
    posted = ("campaign-plan",)
    for name in KEPT:
        ask = client.post if name in posted else client.get
        answer = ask(reverse(name, args=[here.slug]))
        assert answer.status_code in {200, 400, 422}, name
        assert "Looks torn" not in answer.content.decode(), name
    for name in LOST:
        answer = client.get(reverse(name, args=[here.slug]))
        assert (answer.status_code, SENTENCE in answer.content.decode()) == (403, True), name


def test_the_items_are_the_admins_again_once_their_part_next_door_has_ended(campaigns, client):
    here, there = campaigns
    admin = make_user()
    add_member(actor=None, campaign=here, user=admin, role=Role.ADMIN)
    add_member(actor=None, campaign=there, user=admin, role=Role.ANNOTATOR)
    Membership.objects.filter(campaign=there, user=admin).update(status=MembershipStatus.LEFT)
    client.force_login(admin)
    assert "Looks torn" in client.get(reverse("flags", args=[here.slug])).content.decode()
    for name in LOST:
        assert client.get(reverse(name, args=[here.slug])).status_code == 200


def test_to_administer_next_door_blinds_to_nothing_here(campaigns, client):
    here, there = campaigns
    admin = make_user()
    for campaign in (here, there):
        add_member(actor=None, campaign=campaign, user=admin, role=Role.ADMIN)
    client.force_login(admin)
    assert "Looks torn" in client.get(reverse("flags", args=[here.slug])).content.decode()
