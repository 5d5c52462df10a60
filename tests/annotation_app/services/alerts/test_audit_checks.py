"""The nightly verification of the audit log: what it finds, whom it tells, what the page shows."""

from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from annotation_app.enums import AlertKind, AuditVerb
from annotation_app.models import AuditCheck, AuditEvent, AuditSeal, UpkeepRun
from annotation_app.services.alerts.audit_checks import check_audit_log, tell_of_audit_breaks
from annotation_app.services.audit.events import record_event
from annotation_app.services.audit.seals import seal_audit_log
from tests.annotation_app.services.audit.test_seals import force
from tests.factories.world import NOON, make_campaign, make_user
from workers.tasks.alerts import send_due_messages
from workers.tasks.upkeep import verify_audit

pytestmark = pytest.mark.django_db(transaction=True)
TAMPER = 'UPDATE annotation_app_auditevent SET data = \'{"text": "never"}\' WHERE id = %s'
RESTORE = 'UPDATE annotation_app_auditevent SET data = \'{"text": "once"}\' WHERE id = %s'
REMOVE = "DELETE FROM annotation_app_auditevent WHERE id = %s"


def note(campaign=None):
    return record_event(
        actor=None,
        verb=AuditVerb.CHANGED,
        object_type="test",
        object_id=1,
        campaign=campaign,
        data={"text": "once"},
    )


@pytest.fixture
def sealed():
    """A campaign with an event in the log's second seal, and an operator with an address."""
    campaign = make_campaign(1, k=2)
    note()
    seal_audit_log()
    event = note(campaign)
    seal_audit_log()
    operator = make_user(superuser=True)
    operator.email = "operator@example.org"
    operator.save()
    return campaign, event, operator


def test_a_log_as_it_was_sealed_is_recorded_and_nobody_is_told(sealed):
    campaign, _, _ = sealed
    check = check_audit_log(now=NOON)
    assert (check.seals, check.events, check.breaks) == (2, AuditEvent.objects.count(), [])
    assert tell_of_audit_breaks(now=NOON) == 0
    assert not campaign.alerts.exists()


def test_a_tampered_event_alerts_its_campaign_and_mails_the_operators_once(sealed):
    campaign, event, operator = sealed
    force(TAMPER, event.pk)
    assert verify_audit() == 1
    assert UpkeepRun.objects.get(name="editjury.verify_audit").ended_at is not None
    [found] = AuditCheck.objects.get().breaks
    assert (found["kind"], found["last"]) == ("changed", event.pk)
    alert = campaign.alerts.get()
    assert (alert.kind, alert.arguments) == (AlertKind.AUDIT_CHANGED, {"count": 1})
    send_due_messages()
    send_due_messages()
    [letter] = [one for one in mail.outbox if one.to == [operator.email]]
    assert f"{event.pk} differ from what was sealed" in letter.body
    assert reverse("health") in letter.body
    verify_audit()
    send_due_messages()
    assert len([one for one in mail.outbox if one.to == [operator.email]]) == 1


def test_a_log_that_was_put_right_resolves_the_alert(sealed):
    campaign, event, _ = sealed
    force(TAMPER, event.pk)
    check_audit_log(now=NOON)
    force(RESTORE, event.pk)
    assert check_audit_log(now=NOON + timedelta(days=1)).breaks == []
    assert campaign.alerts.get().resolved_at is not None


def test_a_second_finding_is_told_anew(sealed):
    _, event, _ = sealed
    force(TAMPER, event.pk)
    check_audit_log(now=NOON)
    assert tell_of_audit_breaks(now=NOON) == 1
    force(REMOVE, event.pk)
    check_audit_log(now=NOON)
    assert tell_of_audit_breaks(now=NOON) == 1


def test_mail_that_the_server_refuses_is_tried_again(sealed, monkeypatch):
    _, event, _ = sealed
    force(TAMPER, event.pk)
    check_audit_log(now=NOON)
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(OSError, match="full"):
            tell_of_audit_breaks(now=NOON)
    assert tell_of_audit_breaks(now=NOON) == 1


def refuse(self):
    raise OSError("the mailbox is full")


def test_seals_cut_off_the_end_and_made_again_are_found_from_then_on(sealed):
    check_audit_log(now=NOON)
    newest = AuditSeal.objects.latest("id")
    force(TAMPER, newest.last_event)
    force("DELETE FROM annotation_app_auditseal WHERE id = %s", newest.pk)
    seal_audit_log()
    for day in (1, 2):
        [found] = check_audit_log(now=NOON + timedelta(days=day)).breaks
        assert (found["kind"], found["last"]) == ("resealed", newest.last_event)


def test_an_event_between_two_seals_is_found(sealed):
    _, event, _ = sealed
    force("UPDATE annotation_app_auditevent SET id = id + 1000 WHERE id = %s", note().pk)
    seal_audit_log()
    late = AuditEvent.objects.latest("pk").pk
    force(
        "INSERT INTO annotation_app_auditevent (id, verb, object_type, object_id, data, created_at)"
        " VALUES (%s - 500, 'changed', 'test', '1', '{}', now())",
        late,
    )
    [found] = check_audit_log(now=NOON).breaks
    assert (found["kind"], found["first"], found["last"]) == ("unsealed", event.pk, late)
    assert found["present"] == 1


def test_the_health_page_shows_the_last_verification(sealed, client):
    _, event, operator = sealed
    client.force_login(operator)
    assert "never verified" in client.get(reverse("health")).content.decode()
    check_audit_log(now=timezone.now())
    assert "as it was sealed" in client.get(reverse("health")).content.decode()
    force(TAMPER, event.pk)
    check_audit_log(now=timezone.now())
    page = client.get(reverse("health")).content.decode()
    assert f"{event.pk} differ from what was sealed" in page
    assert 'role="alert"' in page
