"""The page of alerts: who sees the badge, acknowledging, mail on and off."""

import pytest

from annotation_app.enums import AlertKind, Role
from annotation_app.models import Alert, AlertOptOut
from annotation_app.services.alerts.lifecycle import raise_alert
from annotation_app.services.people.members import add_member
from tests.factories.world import NOON, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert():
    return raise_alert(
        campaign=make_campaign(1),
        kind=AlertKind.ANNOTATOR_PAUSED,
        subject="7",
        arguments={"annotator": "<b>Ana</b>", "reason": "Rushing."},
        now=NOON,
    )


def member(alert, role):
    person = make_user()
    add_member(actor=None, campaign=alert.campaign, user=person, role=role)
    return person


def page(client, alert):
    return client.get(f"/campaigns/{alert.campaign.slug}/alerts/").content.decode()


def test_an_admin_reads_the_sentence_and_acknowledges(client, alert):
    admin = member(alert, Role.ADMIN)
    client.force_login(admin)
    assert "&lt;b&gt;Ana&lt;/b&gt; was paused. Rushing." in page(client, alert)
    where = f"/campaigns/{alert.campaign.slug}/alerts/{alert.public_id}/acknowledge/"
    client.post(where)
    assert Alert.objects.get().acknowledged_by == admin
    assert "Acknowledge: " not in page(client, alert)


@pytest.mark.parametrize(("role", "sees"), [(Role.ADMIN, True), (Role.REVIEWER, False)])
def test_only_admins_see_the_tab_with_its_count(client, alert, role, sees):
    client.force_login(member(alert, role))
    home = client.get(f"/campaigns/{alert.campaign.slug}/").content.decode()
    assert ("/alerts/" in home) == sees
    assert ("badge-warn" in home) == sees


def test_mail_is_turned_off_and_on(client, alert):
    client.force_login(member(alert, Role.ADMIN))
    where = f"/campaigns/{alert.campaign.slug}/alerts/mail/"
    client.post(where, {"wanted": "no"})
    assert AlertOptOut.objects.count() == 1
    assert "Email them to me" in page(client, alert)
    client.post(where, {"wanted": "yes"})
    assert AlertOptOut.objects.count() == 0
