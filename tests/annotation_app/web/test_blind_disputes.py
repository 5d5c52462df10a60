"""The list of disputes: what is offered to reviewers who may still judge an item elsewhere."""

import pytest
from django.urls import reverse

from annotation_app.enums import (
    DisputeReason,
    MembershipStatus,
    Role,
)
from annotation_app.models import Membership
from annotation_app.selectors.reviewing.cases import next_case, own_outcomes
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.people.members import add_member
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


def test_disputes_of_items_that_one_rates_elsewhere_are_neither_listed_nor_taken(
    campaign, neighbour, client
):
    rating = rate_next(campaign, somebody((campaign, Role.ANNOTATOR)))
    case = open_case(campaign, rating.campaign_item_id, [DisputeReason.RANGE], now=NOON, size=2.0)
    both = somebody((campaign, Role.REVIEWER), (neighbour, Role.ANNOTATOR))
    client.force_login(both)
    page = client.get(reverse("review", args=[campaign.slug]))
    assert page.context["offers"] == []
    assert page.context["next"] is None
    claim = client.post(reverse("review-claim", args=[campaign.slug, case.pk]), {"act": "claim"})
    assert claim.status_code == 403
    # in the same campaign taking the dispute ends the right to rate its item
    own = somebody((campaign, Role.REVIEWER), (campaign, Role.ANNOTATOR))
    assert next_case(campaign, own, NOON) == case
    client.force_login(own)
    assert client.get(reverse("review", args=[campaign.slug])).context["offers"] == []
    client.post(reverse("review-claim", args=[campaign.slug, case.pk]), {"act": "claim"})
    [offer] = client.get(reverse("review", args=[campaign.slug])).context["offers"]
    assert offer.case == case
    taken = set()
    for _ in range(2):
        taken.add(lease_next_task(annotator=own, campaign=campaign, now=NOON).task.campaign_item_id)
    assert case.campaign_item_id not in taken


def pressed(page):
    """The acts that the buttons of the list of disputes offer."""
    text = page.content.decode()
    return [act for act in ("claim", "return", "reopen") if f'name="act" value="{act}"' in text]


def test_a_dispute_in_hand_can_be_given_back_but_not_judged_by_one_who_rates_it_elsewhere(
    campaign, neighbour, client
):
    rating = rate_next(campaign, somebody((campaign, Role.ANNOTATOR)))
    case = open_case(campaign, rating.campaign_item_id, [DisputeReason.RANGE], now=NOON, size=2.0)
    assert case is not None
    reviewer, queue = somebody((campaign, Role.REVIEWER)), reverse("review", args=[campaign.slug])
    claim = reverse("review-claim", args=[campaign.slug, case.pk])
    client.force_login(reviewer)
    client.post(claim, {"act": "claim"})
    assert pressed(client.get(queue)) == ["claim", "return"]
    add_member(actor=None, campaign=neighbour, user=reviewer, role=Role.REVIEWER)
    page = client.get(queue)
    assert pressed(page) == ["return"]
    assert "You may still judge this item in another campaign" in page.content.decode()
    assert client.post(claim, {"act": "claim"}).status_code == 403
    assert client.post(claim, {"act": "return"}).status_code == 302
    assert client.get(queue).context["offers"] == []
    case.refresh_from_db()
    assert case.claimed_by is None


def test_what_another_reviewer_has_in_hand_or_one_has_rated_is_not_offered(campaign, client):
    rater = somebody((campaign, Role.ANNOTATOR))
    rating = rate_next(campaign, rater)
    case = open_case(campaign, rating.campaign_item_id, [DisputeReason.RANGE], now=NOON, size=2.0)
    assert case is not None
    queue = reverse("review", args=[campaign.slug])
    claim = reverse("review-claim", args=[campaign.slug, case.pk])
    add_member(actor=None, campaign=campaign, user=rater, role=Role.ADMIN)
    Membership.objects.filter(user=rater, role=Role.ANNOTATOR).update(status=MembershipStatus.LEFT)
    client.force_login(rater)
    page = client.get(queue)
    assert pressed(page) == []
    assert page.context["next"] is None
    assert "You rated this item yourself" in page.content.decode()
    first, second = (somebody((campaign, Role.REVIEWER)) for _ in range(2))
    client.force_login(first)
    client.post(claim, {"act": "claim"})
    client.force_login(second)
    page = client.get(queue)
    assert pressed(page) == []
    assert "Another reviewer has it" in page.content.decode()


def test_a_reviewer_of_this_campaign_alone_may_decide_again_without_reading_the_old_words(
    campaign, neighbour, client
):
    rating = rate_next(campaign, somebody((campaign, Role.ANNOTATOR)))
    case = open_case(campaign, rating.campaign_item_id, [DisputeReason.RANGE], now=NOON, size=2.0)
    assert case is not None
    case.state, case.decided_at, case.note = "decided", NOON, "as-decided"
    case.decided_by = somebody((campaign, Role.ADMIN))
    case.save()
    reviewer, queue = somebody((campaign, Role.REVIEWER)), reverse("review", args=[campaign.slug])
    client.force_login(reviewer)
    page = client.get(queue)
    assert pressed(page) == ["reopen"]
    assert "as-decided" not in page.content.decode()
    claim = reverse("review-claim", args=[campaign.slug, case.pk])
    rate = reverse("review-rate", args=[campaign.slug, case.pk])
    assert client.post(claim, {"act": "reopen"}).headers["Location"] == rate


def test_a_decision_here_is_no_outcome_for_one_who_rates_the_item_in_the_neighbour(
    campaign, neighbour
):
    rater = somebody((campaign, Role.ANNOTATOR))
    rating = rate_next(campaign, rater)
    case = open_case(campaign, rating.campaign_item_id, [DisputeReason.RANGE], now=NOON, size=2.0)
    assert case is not None
    case.state, case.decided_at = "decided", NOON
    case.save()
    assert [one for one, _rows in own_outcomes(campaign, rater)] == [rating]
    add_member(actor=None, campaign=neighbour, user=rater, role=Role.ANNOTATOR)
    assert own_outcomes(campaign, rater) == []
