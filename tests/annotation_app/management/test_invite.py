"""Opening a campaign and inviting from the command line."""

import io

import pytest
from django.core import mail
from django.core.management import call_command
from django.core.management.base import CommandError

from annotation_app.enums import CampaignState
from annotation_app.models import AuditEvent, Invitation
from annotation_app.selectors.people.invitations import find_invitation
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(2, k=2)


def run(*arguments):
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_without_mail_the_link_is_printed_and_begins_with_the_sites_address(campaign, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    settings.SITE_URL = "http://127.0.0.1:8117"
    ada = make_user("ada", superuser=True)
    said = run("invite", campaign.name, "new@example.org", "--role", "reviewer")
    email, link = said.split()
    assert email == "new@example.org"
    assert link.startswith("http://127.0.0.1:8117/invitations/")
    found = Invitation.objects.get()
    assert (found.role, found.invited_by) == ("reviewer", ada)
    token = link.rstrip("/").rsplit("/", 1)[1]
    assert find_invitation(token=token, now=found.created_at) == found


def test_with_mail_the_link_is_mailed_and_not_printed(campaign):
    make_user("ada", superuser=True)
    assert run("invite", campaign.slug, "new@example.org") == "new@example.org  mailed\n"
    assert "/invitations/" in mail.outbox[0].body


def test_a_wrong_address_invites_nobody_and_is_named(campaign):
    make_user("ada", superuser=True)
    with pytest.raises(CommandError, match="not-an-address"):
        run("invite", campaign.name, "good@example.org", "not-an-address")
    assert not Invitation.objects.exists()


def test_without_an_admin_the_remedy_is_named(campaign):
    with pytest.raises(CommandError, match="create_admin"):
        run("invite", campaign.name, "new@example.org")
    make_user("ada", superuser=True)
    with pytest.raises(CommandError, match="no admin “eve”"):
        run("invite", campaign.name, "new@example.org", "--by", "eve")


def test_a_draft_is_opened_once_under_the_admins_name(campaign):
    ada = make_user("ada", superuser=True)
    campaign.state = CampaignState.DRAFT
    campaign.save()
    assert "is open, with 2 tasks" in run("open_campaign", campaign.name)
    campaign.refresh_from_db()
    assert campaign.state == CampaignState.ACTIVE
    event = AuditEvent.objects.get(object_type="campaign", data__state=["draft", "active"])
    assert event.actor == ada
    assert "already open" in run("open_campaign", campaign.name)
