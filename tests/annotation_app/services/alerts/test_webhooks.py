"""Webhooks: signed, tried again, and posted to listed hosts only."""

import hashlib
import hmac
import json
import socket
from datetime import timedelta

import pytest

from annotation_app.enums import AlertKind, DeliveryState
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import WebhookDelivery
from annotation_app.services.alerts import outgoing
from annotation_app.services.alerts.delivering import WAITS, deliver, send_due
from annotation_app.services.alerts.lifecycle import raise_alert, resolve_alert
from annotation_app.services.alerts.outgoing import DeliveryError, check_target, post, resolve
from annotation_app.services.alerts.signing import webhook_secret
from annotation_app.services.alerts.webhooks import add_webhook, delete_webhook, send_test
from tests.factories.receiver import receiver
from tests.factories.world import NOON, make_campaign, make_user


@pytest.fixture
def target(settings):
    with receiver() as running:
        settings.ALERT_WEBHOOK_HOSTS = [f"private:{running.host}"]
        yield running


@pytest.fixture
def webhook(db, target):
    return add_webhook(actor=make_user(), campaign=make_campaign(1), url=target.url)


def names_lead_to(monkeypatch, *addresses):
    """Every name resolves to these addresses; returns the names that were asked for."""
    asked = []

    def getaddrinfo(host, port, **options):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", getaddrinfo)
    return asked


def test_an_alert_is_posted_with_a_signature_that_its_receiver_can_check(webhook, target):
    raise_alert(
        campaign=webhook.campaign,
        kind=AlertKind.ANNOTATOR_PAUSED,
        subject="7",
        arguments={"annotator": "ana", "reason": "Rushing."},
        now=NOON,
    )
    [delivery] = WebhookDelivery.objects.all()
    assert deliver(delivery_id=delivery.pk, now=NOON) == DeliveryState.DELIVERED
    [(path, headers, body)] = target.received
    assert path == "/hook?team=1"
    assert headers["Host"] == target.host
    time, digest = headers["EditJury-Signature"].split(",")
    signed = time.removeprefix("t=").encode() + b"." + body
    expected = hmac.new(webhook_secret(webhook).encode(), signed, hashlib.sha256).hexdigest()
    assert (time, digest) == (f"t={int(NOON.timestamp())}", f"v1={expected}")
    told = json.loads(body)
    assert told["event"] == headers["EditJury-Event"] == "alert.opened"
    assert told["alert"]["message"] == "ana was paused. Rushing."
    assert told["campaign"]["slug"] == webhook.campaign.slug


def test_the_end_of_an_alert_is_told_too(webhook):
    raise_alert(campaign=webhook.campaign, kind=AlertKind.QUEUE_STARVED, now=NOON)
    resolve_alert(campaign=webhook.campaign, kind=AlertKind.QUEUE_STARVED, now=NOON)
    events = WebhookDelivery.objects.order_by("pk").values_list("event", flat=True)
    assert list(events) == ["alert.opened", "alert.resolved"]


def test_messages_are_sent_after_the_commit(webhook, sent, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        delivery = send_test(actor=make_user(), webhook=webhook, now=NOON)
        assert sent == []
    assert sent == [("editjury.post_webhook", [delivery.pk])]


def test_a_failed_message_waits_longer_each_time_and_is_given_up_at_last(webhook, target):
    target.answer = 500
    delivery = send_test(actor=make_user(), webhook=webhook, now=NOON)
    now = NOON
    for wait in WAITS:
        assert deliver(delivery_id=delivery.pk, now=now) == DeliveryState.PENDING
        assert deliver(delivery_id=delivery.pk, now=now) is None  # not due yet
        delivery.refresh_from_db()
        assert delivery.next_attempt_at == now + wait
        assert (delivery.status_code, delivery.error) == (500, "")
        now += wait
    assert deliver(delivery_id=delivery.pk, now=now) == DeliveryState.FAILED
    assert deliver(delivery_id=delivery.pk, now=now + timedelta(days=9)) is None
    assert len(target.received) == len(WAITS) + 1


def test_a_message_that_got_lost_on_its_way_to_the_queue_is_sent_again(
    webhook, sent, django_capture_on_commit_callbacks
):
    delivery = send_test(actor=make_user(), webhook=webhook, now=NOON)
    with django_capture_on_commit_callbacks(execute=True):
        assert send_due(now=NOON - timedelta(seconds=1)) == 0
        assert send_due(now=NOON) == 1
    assert sent == [("editjury.post_webhook", [delivery.pk])]


def test_a_message_sent_twice_to_the_queue_is_posted_once(webhook, target):
    delivery = send_test(actor=make_user(), webhook=webhook, now=NOON)
    deliver(delivery_id=delivery.pk, now=NOON)
    assert deliver(delivery_id=delivery.pk, now=NOON) is None
    assert len(target.received) == 1


def test_a_redirect_is_an_answer_and_not_followed(webhook, target):
    with receiver() as elsewhere:
        target.answer, target.location = 302, elsewhere.url
        delivery = send_test(actor=make_user(), webhook=webhook, now=NOON)
        assert deliver(delivery_id=delivery.pk, now=NOON) == DeliveryState.PENDING
        delivery.refresh_from_db()
        assert (delivery.status_code, len(target.received)) == (302, 1)
        assert elsewhere.received == []


def test_an_answer_that_never_ends_is_cut_off(settings, monkeypatch):
    monkeypatch.setattr(outgoing, "DEADLINE", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        settings.ALERT_WEBHOOK_HOSTS = [f"private:127.0.0.1:{port}"]
        with pytest.raises(DeliveryError):
            post(f"http://127.0.0.1:{port}/", b"{}", {})


def test_a_host_that_is_no_longer_listed_gets_nothing_more(webhook, target, settings):
    delivery = send_test(actor=make_user(), webhook=webhook, now=NOON)
    settings.ALERT_WEBHOOK_HOSTS = []
    assert deliver(delivery_id=delivery.pk, now=NOON) == DeliveryState.PENDING
    delivery.refresh_from_db()
    assert "not on the operator's list" in delivery.error
    assert target.received == []


def test_a_name_is_resolved_once_and_the_connection_goes_to_that_address(
    target, settings, monkeypatch
):
    settings.ALERT_WEBHOOK_HOSTS = [f"private:hooks.internal:{target.port}"]
    asked = names_lead_to(monkeypatch, "127.0.0.1")
    connected = []
    genuine = socket.create_connection

    def create_connection(where, *rest):
        connected.append(where)
        monkeypatch.undo()  # the name would lead elsewhere from now on
        return genuine(where, *rest)

    monkeypatch.setattr(outgoing.socket, "create_connection", create_connection)
    assert post(f"http://hooks.internal:{target.port}/", b"{}", {}) == 204
    assert asked == ["hooks.internal"]
    assert connected == [("127.0.0.1", target.port)]
    assert target.received[0][1]["Host"] == f"hooks.internal:{target.port}"


PRIVATE = (
    "127.0.0.1 10.1.2.3 169.254.169.254 192.168.0.9 0.0.0.0 224.0.0.1 100.64.0.1 "
    "::1 fe80::1%eth0 fd00::1 ::ffff:10.0.0.1 64:ff9b::a00:1 2002:a00:1:: "
    # IPv4 in other coats: compatible, translated (SIIT), a network's own NAT64, ISATAP, Teredo
    "::7f00:1 ::ffff:0:a00:1 64:ff9b:1::a00:1 2606:2800:220:1:0:5efe:a00:1 2001:0:a00:1:: "
    "fec0::1 5f00::1 4000::1 ff0e::1 192.88.99.1 240.0.0.1"
)


@pytest.mark.parametrize("address", PRIVATE.split())
def test_a_public_name_may_not_lead_to_a_private_address(address, settings, monkeypatch):
    settings.ALERT_WEBHOOK_HOSTS = ["hooks.example.org"]
    names_lead_to(monkeypatch, "93.184.215.14", address)
    with pytest.raises(DeliveryError, match="private"):
        resolve(check_target("https://hooks.example.org/x"))


PUBLIC = "93.184.215.14 2606:2800:220:1::1 ::ffff:8.8.8.8 64:ff9b::808:808"


@pytest.mark.parametrize("address", PUBLIC.split())
def test_a_public_name_leads_to_its_public_address(address, settings, monkeypatch):
    settings.ALERT_WEBHOOK_HOSTS = ["hooks.example.org"]
    names_lead_to(monkeypatch, address)
    assert resolve(check_target("https://hooks.example.org/x")) == address


@pytest.mark.parametrize(
    "written", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0300.0250.0.1"]
)
def test_an_address_written_as_another_number_is_read_as_the_system_reads_it(written, settings):
    settings.ALERT_WEBHOOK_HOSTS = [written]
    with pytest.raises(DeliveryError, match="private"):
        resolve(check_target(f"https://{written}/"))


def test_a_path_beyond_ascii_arrives_percent_encoded_and_not_twice(webhook, target):
    host = target.host
    assert post(f"http://{host}/钩子/a%20b?who=Zoë&q=[1]?", b"{}", {}) == 204
    [(path, _headers, _body)] = target.received
    assert path == "/%E9%92%A9%E5%AD%90/a%20b?who=Zo%C3%AB&q=%5B1%5D?"
    with pytest.raises(InvalidInputError, match="cannot be posted to this address"):
        check_target(f"http://{host}/\ud800")


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example.org/",
        "https://hooks.example.org:8443/",
        "http://hooks.example.org/",
        "https://hooks.example.org.evil.org/",
        "https://user@hooks.example.org/",
        "https://evil.org\\@hooks.example.org/",
        "https://hooks.example.org@evil.org/",
        "ftp://hooks.example.org/",
        "file:///etc/passwd",
        "https://hooks.example.org:0/",
        "https://hooks.example.org:99999/",
        "https://[::1/",
        "https://hooks.example.org/ x",
        "https://hooks.example.org/\r\nX: y",
        "//hooks.example.org/",
        "",
    ],
)
def test_other_addresses_are_refused(url, settings):
    settings.ALERT_WEBHOOK_HOSTS = ["hooks.example.org", "private:inner.example.org"]
    with pytest.raises(InvalidInputError):
        check_target(url)


def test_only_a_host_listed_as_private_may_speak_plain_http(settings):
    settings.ALERT_WEBHOOK_HOSTS = ["private:hooks.internal", "hooks.example.org"]
    assert check_target("http://HOOKS.internal/a?b=1").path == "/a?b=1"
    assert check_target("https://hooks.example.org").path == "/"


def test_a_campaign_has_an_address_once_and_ten_at_most(db, settings):
    settings.ALERT_WEBHOOK_HOSTS = ["hooks.example.org"]
    campaign, actor = make_campaign(1), make_user()
    url = "https://hooks.example.org/"
    first = add_webhook(actor=actor, campaign=campaign, url=url)
    with pytest.raises(ConflictError, match="already"):
        add_webhook(actor=actor, campaign=campaign, url=url)
    secret = webhook_secret(first)
    delete_webhook(actor=actor, webhook=first)
    assert webhook_secret(add_webhook(actor=actor, campaign=campaign, url=url)) != secret
    for number in range(9):
        add_webhook(actor=actor, campaign=campaign, url=f"{url}{number}")
    with pytest.raises(ConflictError, match="ten"):
        add_webhook(actor=actor, campaign=campaign, url=f"{url}more")


def test_the_secret_is_shown_once(client, db, settings):
    settings.ALERT_WEBHOOK_HOSTS = ["hooks.example.org"]
    campaign = make_campaign(1)
    client.force_login(make_user(superuser=True))
    page = client.post(
        f"/campaigns/{campaign.slug}/webhooks/", {"url": "https://hooks.example.org/"}, follow=True
    )
    secret = webhook_secret(campaign.webhooks.get())
    assert secret in page.content.decode()
    assert secret not in client.get(page.redirect_chain[-1][0]).content.decode()


def test_the_page_says_why_an_address_is_refused(client, db, settings):
    settings.ALERT_WEBHOOK_HOSTS = ["hooks.example.org"]
    campaign = make_campaign(1)
    client.force_login(make_user(superuser=True))
    answer = client.post(f"/campaigns/{campaign.slug}/webhooks/", {"url": "https://evil.org/"})
    assert answer.status_code == 400
    assert "evil.org is not on the operator&#x27;s list" in answer.content.decode()
    assert not campaign.webhooks.exists()


def test_a_webhook_is_deleted_only_after_asking(client, webhook):
    client.force_login(make_user(superuser=True))
    where = f"/campaigns/{webhook.campaign.slug}/webhooks/{webhook.public_id}/delete/"
    assert "Delete this webhook?" in client.get(where).content.decode()
    assert webhook.campaign.webhooks.count() == 1
    client.post(where)
    assert webhook.campaign.webhooks.count() == 0


def test_another_campaigns_webhook_is_not_found(client, webhook):
    other = make_campaign(1)
    client.force_login(make_user(superuser=True))
    assert client.get(f"/campaigns/{other.slug}/webhooks/{webhook.public_id}/").status_code == 404
