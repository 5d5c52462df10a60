"""Pages print no image that their reader may not fetch."""

import pytest
from django.urls import reverse
from django.utils import timezone

from annotation_app.enums import Role, WithdrawalGround
from annotation_app.models import Image
from annotation_app.services.collections.withdrawal import withdraw_item
from annotation_app.services.people.members import add_member
from annotation_app.services.reviewing.threads import open_thread
from benchmarks.crawling.pages import read_page
from tests.factories.benchmarks import make_checked_campaign
from tests.factories.world import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    """Two rated items whose images nothing else shows; the first is withdrawn."""
    made, _people = make_checked_campaign(2)
    item = made.campaign_items.order_by("pk")[0]
    open_thread(campaign_item=item, now=timezone.now())
    withdraw_item(
        item=item.item,
        ground=WithdrawalGround.PRIVACY,
        reason="Somebody asked.",
        actor=None,
        now=timezone.now(),
    )
    return made


def pages(campaign):
    item = campaign.campaign_items.order_by("pk")[0]
    slug = campaign.collection.slug
    return {
        "collection": reverse("collection-detail", args=[slug]),
        "item": reverse("collection-item", args=[slug, item.item_id]),
        "scores": reverse("disagreement-item", args=[campaign.slug, item.pk]),
        "talk": reverse("thread-detail", args=[campaign.slug, item.thread.public_id]),
        "gold": reverse("gold-edit", args=[campaign.slug, item.item_id]),
    }


def fetch(client, address):
    answer = client.get(address)
    if answer.streaming:
        list(answer.streaming_content)  # the file is closed by reading it
    return answer.status_code


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.REVIEWER, Role.ADMIN])
def test_every_image_that_a_page_prints_can_be_fetched_by_its_reader(campaign, client, role):
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=role)
    client.force_login(person)
    told = {}
    for name, where in pages(campaign).items():
        page = client.get(where)
        if page.status_code == 200:
            links = read_page(page.content.decode(), "¶").links
            images = [one for one in links if one.startswith("/images/")]
            assert {fetch(client, one) for one in images} <= {200}, name
            told[name] = (len(images), "no longer shown" in page.content.decode())
    hidden = role != Role.ADMIN
    assert told["item"] == ((0, True) if hidden else (12, False))
    shown = (6, True) if hidden else (12, False)
    # A reviewer has still to judge these items, so that the collection does not list them.
    assert told["collection"] == ((0, False) if role == Role.REVIEWER else shown)
    assert len(told) >= 3
    assert Image.objects.count() == 12
