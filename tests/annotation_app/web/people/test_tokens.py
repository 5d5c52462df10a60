"""API tokens: they end with the password, and admins can end them."""

import pytest
from django.core.management import call_command
from django.urls import reverse
from knox.models import AuthToken

from annotation_app.enums import Role
from annotation_app.models import AuditEvent
from annotation_app.services.people.members import add_member
from annotation_app.services.people.tokens import create_token
from tests.factories.world import PASSWORD, make_campaign, make_user

pytestmark = pytest.mark.django_db
NEW = "seven-green-otters"


@pytest.fixture
def campaign():
    return make_campaign(1, k=2)


@pytest.fixture
def person(campaign):
    user = make_user()
    add_member(actor=None, campaign=campaign, user=user, role=Role.RESEARCHER)
    return user


def program(client, token):
    return client.get("/api/v1/campaigns/", headers={"Authorization": f"Token {token.text}"})


def test_a_token_ends_when_its_person_changes_their_password(client, person):
    token = create_token(user=person, days=30)
    assert program(client, token).status_code == 200
    client.post(reverse("account_login"), {"login": person.username, "password": PASSWORD})
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert client.post(reverse("account_change_password"), form).status_code == 302
    client.logout()
    assert program(client, token).status_code == 401
    event = AuditEvent.objects.filter(object_type="api_token").latest("pk")
    assert event.data["reason"] == "password changed"


def test_a_token_ends_when_an_operator_sets_the_password(client, person, monkeypatch):
    token = create_token(user=person, days=30)
    monkeypatch.setattr("getpass.getpass", lambda prompt: NEW)
    call_command("changepassword", person.username, verbosity=0)
    person.refresh_from_db()
    assert person.check_password(NEW)
    assert program(client, token).status_code == 401


def test_an_admin_ends_a_members_tokens_and_the_log_says_who(client, campaign, person):
    create_token(user=person, days=30)
    create_token(user=person, days=7)
    admin = make_user()
    add_member(actor=None, campaign=campaign, user=admin, role=Role.ADMIN)
    client.force_login(admin)
    place = [campaign.slug, person.memberships.get().pk]
    page = client.get(reverse("member-change", args=place)).content.decode()
    assert "2 tokens can act as this person." in page
    client.post(reverse("member-tokens", args=place))
    assert not AuthToken.objects.filter(user=person).exists()
    events = AuditEvent.objects.filter(object_type="api_token", verb="withdrawn")
    assert {(one.actor, one.data["user"]) for one in events} == {(admin, person.pseudonym)}
    assert len(events) == 2


def test_who_administers_the_installation_ends_anyones_tokens(client, person):
    token, other = create_token(user=person, days=30), make_user()
    operator = make_user(superuser=True)
    kept = create_token(user=operator, days=30)
    client.force_login(operator)
    page = client.get(reverse("token-everyone")).content.decode()
    assert person.username in page
    assert other.username not in page
    assert AuthToken.objects.get(user=person).digest not in page
    client.post(reverse("token-everyone"), {"person": person.pseudonym})
    client.logout()
    assert program(client, token).status_code == 401
    assert program(client, kept).status_code == 200


def test_who_may_make_no_token_any_more_can_still_end_theirs(client, person):
    create_token(user=person, days=30)
    person.memberships.update(status="paused")
    client.force_login(person)
    page = client.get(reverse("token-list")).content.decode()
    assert "Revoke all tokens" in page
    assert "Create a token" not in page
    client.post(reverse("token-revoke"))
    assert client.get(reverse("token-list")).status_code == 404
