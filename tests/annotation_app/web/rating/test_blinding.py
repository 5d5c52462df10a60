"""The rule about a person and an item: whom it blinds, when it ends, and what it costs."""

from datetime import timedelta

import pytest
from django.urls import reverse

from annotation_app.enums import (
    CampaignState,
    Design,
    DisputeReason,
    MembershipStatus,
    Purpose,
    Role,
)
from annotation_app.models import Campaign, Membership, Rating
from annotation_app.policies import blind_items, can_see_image, may_know_item
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.people.members import add_member
from annotation_app.services.queue.extra_slots import add_personal_slot
from annotation_app.services.reviewing.claims import claim_case
from annotation_app.services.reviewing.disputes import open_case
from tests.factories.rated import rate_next
from tests.factories.world import NOON, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(3, k=2)


@pytest.fixture
def neighbour(campaign):
    """Another campaign over the same collection."""
    made = create_campaign(
        actor=None,
        name="Keen eyes",
        collection=campaign.collection,
        design=CampaignDesign(seed=7, candidates_per_item=2, reserved_share=0.0),
    )
    set_overlap_plan(actor=None, campaign=made, overlap_share=0.0)
    plan_campaign(campaign=made)
    return made


def somebody(*parts):
    user = make_user()
    for campaign, role in parts:
        add_member(actor=None, campaign=campaign, user=user, role=role)
    return user


def known(user, campaign):
    items = campaign.campaign_items.order_by("pk").values_list("item", flat=True)
    return [may_know_item(user, item) for item in items]


def test_a_part_in_the_neighbour_blinds_here_until_it_ends(campaign, neighbour):
    user = somebody((campaign, Role.RESEARCHER), (neighbour, Role.ANNOTATOR))
    assert known(user, campaign) == [False] * 3
    for status in (MembershipStatus.INVITED, MembershipStatus.PAUSED):
        Membership.objects.filter(user=user, campaign=neighbour).update(status=status)
        assert known(user, campaign) == [False] * 3
    Membership.objects.filter(user=user, campaign=neighbour).update(status=MembershipStatus.LEFT)
    assert known(user, campaign) == [True] * 3


@pytest.mark.parametrize("state", CampaignState.values)
def test_only_a_finished_campaign_blinds_no_more(campaign, state):
    user = somebody((campaign, Role.ANNOTATOR), (campaign, Role.RESEARCHER))
    Campaign.objects.filter(pk=campaign.pk).update(state=state)
    assert all(known(user, campaign)) == (state == CampaignState.FINISHED)


def test_an_item_of_a_third_collection_is_not_blinded(campaign):
    user = somebody((campaign, Role.ANNOTATOR))
    assert known(user, make_campaign(2, k=2)) == [True, True]


def test_a_closed_rating_opens_its_item_only_where_the_campaign_shows_others(campaign):
    user = somebody((campaign, Role.ANNOTATOR), (campaign, Role.RESEARCHER))
    rating = rate_next(campaign, user)
    item = rating.campaign_item.item
    assert not may_know_item(user, item)
    Campaign.objects.filter(pk=campaign.pk).update(shows_others_after_close=True)
    assert may_know_item(user, item)
    assert sum(known(user, campaign)) == 1
    add_personal_slot(
        campaign_item=rating.campaign_item, purpose=Purpose.REPEAT, design=Design.REPEAT,
        annotator=user,
    )  # fmt: skip
    assert not may_know_item(user, item)  # it is to be rated once more


def test_an_open_or_released_rating_opens_nothing(campaign):
    Campaign.objects.filter(pk=campaign.pk).update(shows_others_after_close=True)
    user = somebody((campaign, Role.ANNOTATOR))
    rating = rate_next(campaign, user)
    item = rating.campaign_item.item
    Rating.objects.update(open_until=NOON + timedelta(days=9999))
    assert not may_know_item(user, item)
    Rating.objects.update(closed_at=NOON)
    assert may_know_item(user, item)
    Rating.objects.update(status="released")
    assert not may_know_item(user, item)


def test_neither_admins_nor_superusers_are_exempt_once_they_judge(campaign):
    for user in (somebody((campaign, Role.ADMIN)), make_user(superuser=True)):
        assert known(user, campaign) == [True] * 3
        add_member(actor=None, campaign=campaign, user=user, role=Role.ANNOTATOR)
        assert known(user, campaign) == [False] * 3


def test_what_an_admin_has_taken_to_review_is_hidden_while_it_is_in_hand(campaign):
    admin = somebody((campaign, Role.ADMIN))
    rating = rate_next(campaign, somebody((campaign, Role.ANNOTATOR)))
    case = open_case(campaign, rating.campaign_item_id, [DisputeReason.RANGE], now=NOON, size=2.0)
    assert case is not None
    assert may_know_item(admin, rating.campaign_item.item)
    claim_case(reviewer=admin, case=case, now=NOON)
    assert not may_know_item(admin, rating.campaign_item.item)


def test_reviewers_work_with_their_own_campaign_and_are_blind_to_the_rest(campaign, neighbour):
    here = somebody((campaign, Role.REVIEWER))
    there = somebody((campaign, Role.REVIEWER), (neighbour, Role.REVIEWER))
    assert blind_items(here).count() == 3
    assert not blind_items(here, working_in=campaign).exists()
    assert set(blind_items(there, working_in=campaign)) == set(neighbour.campaign_items.all())
    image = campaign.campaign_items.first().item.source_image
    assert can_see_image(here, image)
    add_member(actor=None, campaign=neighbour, user=here, role=Role.ANNOTATOR)
    assert not can_see_image(here, image)


def test_every_picture_of_a_blinded_item_is_refused_under_its_own_address(
    campaign, neighbour, client
):
    user = somebody((campaign, Role.RESEARCHER), (neighbour, Role.ANNOTATOR))
    client.force_login(user)
    item = campaign.campaign_items.first().item
    for image in [item.source_image, *(one.image for one in item.candidates.all())]:
        for door in ("image", "image-thumbnail"):
            assert client.get(reverse(door, args=[image.token])).status_code == 404
    client.force_login(somebody((campaign, Role.RESEARCHER)))
    shown = client.get(reverse("image", args=[item.source_image.token]))
    assert shown.status_code == 200
    assert b"".join(shown.streaming_content).startswith(b"RIFF")


def test_a_refusal_names_the_campaign_that_blinds_and_what_to_do(campaign, neighbour, client):
    client.force_login(somebody((campaign, Role.RESEARCHER), (neighbour, Role.ANNOTATOR)))
    item = campaign.campaign_items.first().item_id
    page = client.get(reverse("collection-item", args=[campaign.collection.slug, item]))
    told = client.get(reverse("api-scores", args=[campaign.slug]))
    assert page.status_code == told.status_code == 403
    for text in (page.content.decode(), told.json()["message"]):
        assert "in the campaign Keen eyes" in text
        assert "Ask its admin to end your role there" in text


def test_a_list_says_how_many_items_it_leaves_out(campaign, neighbour, client):
    user = somebody((campaign, Role.RESEARCHER), (neighbour, Role.ANNOTATOR))
    client.force_login(user)
    text = client.get(reverse("collection-detail", args=[campaign.collection.slug])).content
    assert b"3 items are not shown." in text
    assert b"secret-" not in text
    text = client.get(reverse("disagreements", args=[campaign.slug])).content
    assert b"3 items are not shown." in text


def test_a_reviewer_finds_an_item_s_pictures_without_names(campaign, client):
    client.force_login(somebody((campaign, Role.REVIEWER)))
    item = campaign.campaign_items.first().item
    where = reverse("collection-item", args=[campaign.collection.slug, item.pk])
    text = client.get(where).content.decode()
    shown = [text.index(str(one.image.token)) for one in item.candidates.all()]
    by_token = sorted(item.candidates.all(), key=lambda one: one.image.token)
    assert sorted(shown) == [text.index(str(one.image.token)) for one in by_token]
    assert "secret-" not in text
    assert "FLUX-Kontext" not in text


@pytest.mark.parametrize("door", ["disagreements", "flags", "thread-inbox", "gold-bank", "review"])
def test_pages_ask_no_more_of_the_database_where_there_are_more_items(
    door, client, django_assert_max_num_queries
):
    counts = []
    for items in (2, 30):
        campaign = make_campaign(items, k=2)
        reviewer = somebody((campaign, Role.REVIEWER))
        client.force_login(reviewer)
        client.get(reverse(door, args=[campaign.slug]))
        with django_assert_max_num_queries(60) as captured:
            assert client.get(reverse(door, args=[campaign.slug])).status_code == 200
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_the_rule_costs_two_reads_for_a_person_who_judges_nothing(
    campaign, django_assert_num_queries
):
    researcher = somebody((campaign, Role.RESEARCHER))
    item = campaign.campaign_items.first().item_id
    with django_assert_num_queries(2):  # their parts in campaigns, and what they have in hand
        assert may_know_item(researcher, item)
