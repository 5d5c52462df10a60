"""The whole loop, run once through the product's services, with every state that pages show."""

import random
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.test import override_settings
from django.urls import reverse
from django.utils import timezone

from annotation_app.enums import AuditBreak, DeliveryState, Purpose, Role
from annotation_app.models import AuditCheck, Campaign, Rating, ReviewCase, WebhookDelivery
from annotation_app.services.agreement.folding import fold_campaign
from annotation_app.services.alerts.audit_checks import tell_of_audit_breaks
from annotation_app.services.alerts.delivering import WAITS, deliver
from annotation_app.services.alerts.notifications import mail_alert
from annotation_app.services.alerts.webhooks import add_webhook, send_test
from annotation_app.services.people.invitations import invite
from annotation_app.services.people.mailing import invitation_link, mail_invitation
from annotation_app.services.people.tokens import create_token
from annotation_app.services.quality_checks import run_quality_checks
from tests.factories.loop.campaigns import open_others, open_simulated, raise_alerts
from tests.factories.loop.jobs import fail_and_cancel_every_kind
from tests.factories.loop.opening import open_campaign, rate_everything
from tests.factories.loop.people import Cast, dismiss, make_cast
from tests.factories.loop.products import Maker
from tests.factories.loop.quality import follow_people, furnish_bank, take_the_test
from tests.factories.loop.talk import ask_and_flag, review_disputes, withdraw_items
from tests.factories.receiver import receiver


@dataclass(frozen=True)
class LoopWorld:
    """What was made, who may look at it, and by reader addresses that no page prints as a link."""

    cast: Cast
    campaign: Campaign
    starts: dict[str, list[str]]


def run_the_loop() -> LoopWorld:
    """Run everything once. What commits must be seen by other connections: jobs report there."""
    cast = make_cast()
    campaign = open_campaign(cast)
    gold = furnish_bank(cast, campaign)
    rate_everything(cast, campaign)
    fold_campaign(campaign=campaign, now=timezone.now())
    maker = Maker(cast, campaign)
    maker.reports()
    benchmark = maker.benchmark()
    dataset = maker.datasets()
    maker.models(dataset, benchmark)
    maker.push(dataset, benchmark)
    maker.imported_ratings()
    ask_and_flag(cast, campaign)
    take_the_test(cast, campaign, gold)
    review_disputes(cast, campaign)
    follow_people(cast, campaign)
    run_quality_checks(campaign=campaign, now=timezone.now(), rng=random.Random(1))  # noqa: S311
    open_others(cast, campaign.collection)
    open_simulated(cast)
    withdraw_items(cast, campaign)
    tell_of_alerts(cast, campaign)
    tell_of_the_audit_log()
    fail_and_cancel_every_kind(campaign, cast.former)
    dismiss(cast, campaign)
    create_token(user=cast.researcher, days=30)
    fold_campaign(campaign=campaign, now=timezone.now())
    return LoopWorld(cast, campaign, _starts(cast, campaign))


def tell_of_alerts(cast: Cast, campaign: Campaign) -> None:
    """Alerts of every kind, mailed; messages to a webhook that arrived, failed, and wait."""
    with receiver() as hook, override_settings(ALERT_WEBHOOK_HOSTS=[f"private:{hook.host}"]):
        webhook = add_webhook(actor=cast.admin, campaign=campaign, url=hook.url)
        for answers in ([204], [500] * (len(WAITS) + 1), []):
            message = send_test(actor=cast.admin, webhook=webhook, now=timezone.now())
            for turn, answer in enumerate(answers):
                hook.answer = answer
                deliver(delivery_id=message.pk, now=timezone.now() + timedelta(days=turn))
        raise_alerts(cast, campaign)
    states = set(WebhookDelivery.objects.values_list("state", flat=True))
    assert states == set(DeliveryState.values)
    for alert in campaign.alerts.all():
        mail_alert(alert_id=alert.pk, now=timezone.now())


def tell_of_the_audit_log() -> None:
    """A verification that found every kind of change, and the mail about it."""
    breaks = [
        {"kind": kind.value, "first": 1, "last": 2, "sealed": 2, "present": 1}
        for kind in AuditBreak
    ]
    AuditCheck.objects.create(checked_at=timezone.now(), seals=1, events=2, breaks=breaks)
    tell_of_audit_breaks(now=timezone.now())


def _starts(cast: Cast, campaign: Campaign) -> dict[str, list[str]]:
    """Pages that a mail, a form or a program leads to."""
    trained = Rating.objects.get(annotator=cast.raters[0], purpose=Purpose.TRAINING)
    cases = ReviewCase.objects.filter(
        campaign_item__campaign=campaign, claimed_by=cast.reviewer
    ).order_by("pk")
    programs = _addresses_of_programs(campaign)
    return {
        "anonymous": [_invitation(cast, campaign)],
        "annotator": [reverse("training-feedback", args=[campaign.slug, trained.client_uuid])],
        "reviewer": [
            reverse(name, args=[campaign.slug, case.pk])
            for case in cases
            for name in ("review-rate", "review-decide")
        ],
        **dict.fromkeys(("researcher", "admin", "operator"), programs),
    }


def _addresses_of_programs(campaign: Campaign) -> list[str]:
    slug, job = campaign.slug, campaign.jobs.latest("pk")
    one = [slug, 1]
    return [
        reverse("api-schema"),
        reverse("api-campaigns"),
        *(
            reverse(f"api-{name}", args=[slug])
            for name in (
                *("campaign", "scores", "agreement", "datasets"),
                *("benchmarks", "generators", "models"),
            )
        ),
        *(
            reverse(f"api-{name}", args=one)
            for name in (
                *("dataset", "dataset-withdrawn", "dataset-archive", "model-archive"),
                *("benchmark", "judges", "predictions"),
            )
        ),
        reverse("api-dataset-file", args=[*one, "README.md"]),
        reverse("api-benchmark-file", args=[*one, "README.md"]),
        reverse("api-job", args=[job.public_id]),
    ]


def _invitation(cast: Cast, campaign: Campaign) -> str:
    fresh = invite(
        actor=cast.admin,
        campaign=campaign,
        email="mailed@example.org",
        role=Role.ANNOTATOR,
        now=timezone.now(),
    )
    mail_invitation(fresh)
    return urlsplit(invitation_link(fresh)).path
