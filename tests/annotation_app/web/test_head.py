"""HEAD is answered wherever GET is, and changes nothing."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from annotation_app.enums import Role
from annotation_app.models import Invitation
from annotation_app.services.people.invitations import invite
from annotation_app.services.people.members import add_member
from tests.factories.world import NOON, make_campaign, make_user

pytestmark = pytest.mark.django_db
SAMPLES = {
    "int": 1,
    "path": "x",
    "slug": "x",
    "str": "x",
    "uuid": "1b4e28ba-2fa1-11d2-883f-0016d3cca427",
}


def own_patterns(found: list[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for one in found:
        if isinstance(one, URLResolver):
            yield from own_patterns(one.url_patterns)
        elif one.callback.__module__.startswith("annotation_app.web."):
            yield one


def test_head_is_answered_wherever_get_is(client):
    differing, asked = [], 0
    for pattern in own_patterns(get_resolver().url_patterns):
        kinds = {
            name: type(one).__name__.removesuffix("Converter").lower()
            for name, one in pattern.pattern.converters.items()
        }
        values = {"str" if kind == "string" else kind for kind in kinds.values()}
        assert values <= set(SAMPLES), pattern.name
        sample = {n: SAMPLES["str" if k == "string" else k] for n, k in kinds.items()}
        where = reverse(pattern.name, kwargs=sample)
        got, head = client.get(where).status_code, client.head(where).status_code
        asked += 1
        if got != head:
            differing.append((pattern.name, got, head))
    assert asked > 100
    assert differing == []


def test_head_of_a_question_answers_it_and_does_nothing(client):
    campaign, admin = make_campaign(1, k=2), make_user()
    add_member(actor=None, campaign=campaign, user=admin, role=Role.ADMIN)
    client.force_login(admin)
    invite(actor=admin, campaign=campaign, email="new@example.org", role=Role.ANNOTATOR, now=NOON)
    found = Invitation.objects.get()
    where = reverse("invitation-change", args=[campaign.slug, found.pk])
    assert client.head(where).status_code == 200
    found.refresh_from_db()
    assert found.revoked_at is None
