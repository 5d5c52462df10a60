import pytest
from django.urls import reverse

from annotation_app.enums import Role
from annotation_app.services.people.members import add_member
from tests.annotation_app.services.hub.test_pushing import (  # noqa: F401 - fixtures
    TOKEN,
    hub,
    version,
)
from tests.factories.world import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def researcher(version, client):  # noqa: F811 - the fixture
    person = make_user()
    add_member(actor=None, campaign=version.campaign, user=person, role=Role.RESEARCHER)
    client.force_login(person)
    return person


def test_the_page_says_why_pushing_is_off(version, researcher, client):  # noqa: F811
    page = client.get(reverse("dataset-push", args=[version.campaign.slug, 1]))
    assert "HUB_HOSTS" in page.content.decode()
    assert 'name="token"' not in page.content.decode()


def test_the_form_pushes_and_never_shows_the_token_again(version, hub, researcher, client):  # noqa: F811
    where = reverse("dataset-push", args=[version.campaign.slug, 1])
    answers = {"endpoint": hub.address, "repository": "team", "private": "on", "token": TOKEN}
    refused = client.post(where, answers)
    assert "owner/name" in refused.content.decode()
    assert TOKEN not in refused.content.decode()
    done = client.post(where, answers | {"repository": "team/set"}, follow=True)
    assert "Pushed:" in done.content.decode()
    assert set(hub.files) == {"README.md", "data/train.json"}
