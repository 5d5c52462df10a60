"""Alerts are open once per condition, and end with it."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction

from annotation_app.enums import AlertKind, CampaignState, Language, MembershipStatus, Role
from annotation_app.models import Alert, AuditEvent, Campaign, Membership, Task
from annotation_app.selectors.alerts.alerts import (
    alert_sentence,
    count_unseen,
    open_alerts,
    past_alerts,
)
from annotation_app.selectors.alerts.conditions import watched_campaigns
from annotation_app.services.alerts.lifecycle import acknowledge_alert, raise_alert, resolve_alert
from annotation_app.services.alerts.monitors import watch_campaign
from annotation_app.services.alerts.notifications import mail_alert, mail_unmailed
from annotation_app.services.alerts.opt_outs import set_alert_mail
from annotation_app.services.people.members import add_member, set_member_status
from tests.factories.rated import rate_by_rule
from tests.factories.threads import in_threads
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

PAUSED = AlertKind.ANNOTATOR_PAUSED


def pause_alert(campaign):
    facts = {"annotator": "ana", "reason": "Gold accuracy is low."}
    return raise_alert(campaign=campaign, kind=PAUSED, subject="7", arguments=facts, now=NOON)


def subjects(campaign, kind):
    return {alert.subject for alert in open_alerts(campaign) if alert.kind == kind}


@pytest.mark.django_db
def test_an_open_alert_is_raised_once_and_its_facts_renewed():
    campaign = make_campaign(1)
    first = pause_alert(campaign)
    again = raise_alert(
        campaign=campaign,
        kind=PAUSED,
        subject="7",
        arguments={"annotator": "ana", "reason": "Rushing."},
        now=NOON,
    )
    assert again.pk == first.pk
    assert alert_sentence(Alert.objects.get()) == "ana was paused. Rushing."


@pytest.mark.django_db
def test_a_condition_that_comes_back_opens_a_new_alert():
    campaign = make_campaign(1)
    pause_alert(campaign)
    assert resolve_alert(campaign=campaign, kind=PAUSED, subject="7", now=NOON)
    assert not resolve_alert(campaign=campaign, kind=PAUSED, subject="7", now=NOON)
    pause_alert(campaign)
    assert len(open_alerts(campaign)) == len(past_alerts(campaign)) == 1


@pytest.mark.django_db
def test_the_database_refuses_a_second_open_alert_of_a_condition():
    alert = pause_alert(make_campaign(1))
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.create(campaign=alert.campaign, kind=alert.kind, subject="7", opened_at=NOON)


@pytest.mark.django_db(transaction=True)
def test_eight_at_once_open_one_alert():
    campaign = make_campaign(1)
    found = in_threads(8, lambda _: pause_alert(campaign).pk)
    assert len(set(found)) == 1 == Alert.objects.count()


@pytest.mark.django_db
def test_the_first_acknowledgement_stays_on_record():
    alert = pause_alert(make_campaign(1))
    ana, ben = make_user(), make_user()
    assert count_unseen(alert.campaign.slug) == 1
    acknowledge_alert(actor=ana, alert=alert, now=NOON)
    again = acknowledge_alert(actor=ben, alert=alert, now=NOON + timedelta(hours=1))
    assert (again.acknowledged_by, again.acknowledged_at) == (ana, NOON)
    assert count_unseen(alert.campaign.slug) == 0
    assert AuditEvent.objects.filter(object_type="alert").count() == 1


@pytest.mark.django_db
def test_admins_are_mailed_once_in_their_language_unless_they_opted_out():
    campaign = make_campaign(1)
    reader, quiet, other = (make_user() for _ in range(3))
    for person in (reader, quiet):
        add_member(actor=None, campaign=campaign, user=person, role=Role.ADMIN)
    add_member(actor=None, campaign=campaign, user=other, role=Role.REVIEWER)
    reader.language = Language.CHINESE
    reader.save()
    set_alert_mail(user=quiet, campaign=campaign, wanted=False)
    alert = pause_alert(campaign)
    assert mail_alert(alert_id=alert.pk, now=NOON) == 1
    assert mail_alert(alert_id=alert.pk, now=NOON) == 0
    [message] = mail.outbox
    assert message.to == [reader.email]
    assert f"/campaigns/{campaign.slug}/alerts/" in message.body
    set_alert_mail(user=quiet, campaign=campaign, wanted=True)
    Alert.objects.update(mailed_at=None)
    assert mail_alert(alert_id=alert.pk, now=NOON) == 2


@pytest.mark.django_db
def test_mail_that_could_not_be_handed_in_is_tried_again(
    monkeypatch, sent, django_capture_on_commit_callbacks
):
    campaign = make_campaign(1)
    add_member(actor=None, campaign=campaign, user=make_user(), role=Role.ADMIN)
    alert = pause_alert(campaign)

    def refuse(_):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        with pytest.raises(ConnectionRefusedError):
            mail_alert(alert_id=alert.pk, now=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        assert mail_unmailed(now=NOON) == 0
        assert mail_unmailed(now=NOON + timedelta(minutes=6)) == 1
    assert ("editjury.mail_alert", [alert.pk]) in sent
    assert mail_alert(alert_id=alert.pk, now=NOON) == 1


@pytest.mark.django_db
def test_a_new_alert_is_mailed_after_the_commit(sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        alert = pause_alert(make_campaign(1))
        assert sent == []
    assert ("editjury.mail_alert", [alert.pk]) in sent


@pytest.mark.django_db
def test_a_paused_annotator_is_an_alert_until_resumed():
    campaign = make_campaign(1)
    [ana, _] = make_annotators(campaign, 2)
    member = Membership.objects.get(user=ana)
    set_member_status(actor=None, membership=member, status=MembershipStatus.PAUSED)
    raise_alert(
        campaign=campaign,
        kind=PAUSED,
        subject=str(ana.pk),
        arguments={"annotator": "ana", "reason": "Gold."},
        now=NOON,
    )
    watch_campaign(campaign=campaign, now=NOON)
    [alert] = [a for a in open_alerts(campaign) if a.kind == PAUSED]
    assert alert.arguments["reason"] == "Gold."
    set_member_status(actor=None, membership=member, status=MembershipStatus.ACTIVE)
    watch_campaign(campaign=campaign, now=NOON)
    assert subjects(campaign, PAUSED) == set()


@pytest.mark.django_db
def test_a_queue_below_a_days_targets_is_starved_until_there_is_work_again():
    campaign = make_campaign(5, k=2)
    make_annotators(campaign, 1)
    Membership.objects.update(daily_target=5)
    watch_campaign(campaign=campaign, now=NOON)
    assert subjects(campaign, AlertKind.QUEUE_STARVED) == set()
    Membership.objects.update(daily_target=6)
    watch_campaign(campaign=campaign, now=NOON)
    [alert] = open_alerts(campaign)
    assert alert.arguments == {"open": 5, "annotators": 1, "target": 6, "idle": 0}
    Campaign.objects.update(state=CampaignState.FINISHED)
    campaign.refresh_from_db()
    assert watched_campaigns() == [campaign]
    watch_campaign(campaign=campaign, now=NOON)
    assert watched_campaigns() == []


@pytest.mark.django_db
def test_a_queue_of_items_that_nobody_may_rate_again_is_starved():
    campaign = make_campaign(3, k=2, base=2)
    [ana] = make_annotators(campaign, 1)
    Membership.objects.update(daily_target=1)
    for _ in range(3):
        rate_by_rule(campaign, ana, lambda place, key: 2)
    assert Task.objects.filter(state="open").count() == 3
    watch_campaign(campaign=campaign, now=NOON)
    [alert] = open_alerts(campaign)
    assert alert.arguments["idle"] == 1


@pytest.mark.django_db
def test_agreement_under_its_gate_even_by_the_upper_bound_is_an_alert():
    campaign = make_campaign(8, k=4, base=2)
    ana, ben = make_annotators(campaign, 2)
    Membership.objects.update(daily_target=1)
    for _ in range(8):
        rate_by_rule(campaign, ana, lambda place, key: 1 + place)
        rate_by_rule(campaign, ben, lambda place, key: 1 + place if key == "if" else 4 - place)
    campaign.agreement_gate = {"if": 0.6, "vq": 0.6}
    campaign.save()
    watch_campaign(campaign=campaign, now=NOON)
    # perfect agreement on the one, the reverse on the other: every item alike, so no spread
    assert subjects(campaign, AlertKind.AGREEMENT_BELOW_GATE) == {"vq"}
    [alert] = [a for a in open_alerts(campaign) if a.kind == AlertKind.AGREEMENT_BELOW_GATE]
    assert "Visual Quality is below the gate" in alert_sentence(alert)
    campaign.agreement_gate = {}
    watch_campaign(campaign=campaign, now=NOON)
    assert subjects(campaign, AlertKind.AGREEMENT_BELOW_GATE) == set()
