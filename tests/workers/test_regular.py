"""The regular tasks of the live figures and of alerts."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

import workers.schedule  # noqa: F401 - what beat sends
from annotation_app.enums import AlertKind, Role
from annotation_app.models import LiveStore, LiveSums
from annotation_app.selectors.agreement.live.agreement import pending_items
from annotation_app.services.alerts.webhooks import add_webhook, send_test
from annotation_app.services.people.members import add_member
from tests.factories.rated import rate_next
from tests.factories.receiver import receiver
from tests.factories.world import make_annotators, make_campaign, make_user
from workers.celery_app import app
from workers.task_names import TaskName
from workers.tasks.agreement import check_agreement, fold_agreement
from workers.tasks.alerts import mail as mail_task
from workers.tasks.alerts import post_webhook, send_due_messages, watch_campaigns


def rated_campaign():
    campaign = make_campaign(2, k=2)
    for annotator in make_annotators(campaign, 2):
        rate_next(campaign, annotator)
    return campaign


def test_everything_that_is_scheduled_is_a_task_of_the_upkeep_queue():
    app.loader.import_default_modules()
    for entry in app.conf.beat_schedule.values():
        assert entry["task"] in app.tasks
    assert TaskName.FOLD_AGREEMENT in {e["task"] for e in app.conf.beat_schedule.values()}


@pytest.mark.django_db
def test_pending_changes_of_every_campaign_are_folded():
    first, second = rated_campaign(), rated_campaign()
    assert fold_agreement() == 4
    assert pending_items(first) == pending_items(second) == []
    assert LiveSums.objects.filter(campaign=second, facet="pooled").exists()
    assert fold_agreement() == 0


@pytest.mark.django_db(transaction=True)
def test_every_night_the_live_figures_are_compared_with_the_ratings():
    campaign = rated_campaign()
    fold_agreement()
    assert check_agreement() == 0
    assert LiveStore.objects.get(campaign=campaign).checked_at is not None
    LiveSums.objects.filter(campaign=campaign, facet="day").delete()
    assert check_agreement() == 1
    assert campaign.alerts.get().kind == AlertKind.STORE_DIFFERS
    assert check_agreement() == 0


@pytest.mark.django_db
def test_conditions_are_watched_and_told(settings):
    campaign = make_campaign(1, k=2)
    admin = make_user()
    add_member(actor=None, campaign=campaign, user=admin, role=Role.ADMIN)
    make_annotators(campaign, 1)
    with receiver() as target:
        settings.ALERT_WEBHOOK_HOSTS = [f"private:{target.host}"]
        webhook = add_webhook(actor=admin, campaign=campaign, url=target.url)
        watch_campaigns()
        alert = campaign.alerts.get()
        assert mail_task(alert.pk) == 1
        assert mail.outbox[0].to == [admin.email]
        assert post_webhook(alert.deliveries.get().pk) == "delivered"
        later = send_test(actor=admin, webhook=webhook, now=timezone.now() + timedelta(hours=1))
        assert send_due_messages() == 0
        assert post_webhook(later.pk) is None
        assert len(target.received) == 1
