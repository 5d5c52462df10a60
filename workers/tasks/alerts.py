"""Alerts: watching for their conditions, mail, and messages to webhooks."""

from django.utils import timezone

from annotation_app.selectors.alerts.conditions import watched_campaigns
from annotation_app.services.alerts.audit_checks import tell_of_audit_breaks
from annotation_app.services.alerts.delivering import deliver, send_due
from annotation_app.services.alerts.monitors import watch_campaign
from annotation_app.services.alerts.notifications import mail_alert, mail_unmailed
from annotation_app.services.jobs.upkeep_watch import tell_of_stopped_upkeep
from workers.celery_app import app
from workers.regular import RegularTask
from workers.task_names import TaskName


@app.task(base=RegularTask, name=TaskName.WATCH_CAMPAIGNS)
def watch_campaigns() -> None:
    """Bring all campaigns' alerts in line with current conditions, even if other work stopped."""
    now = timezone.now()
    for campaign in watched_campaigns():
        watch_campaign(campaign=campaign, now=now)
    tell_of_stopped_upkeep(now=now)


@app.task(name=TaskName.MAIL_ALERT)
def mail(alert_id: int) -> int:
    """Mail an alert to the campaign's admins."""
    return mail_alert(alert_id=alert_id, now=timezone.now())


@app.task(name=TaskName.POST_WEBHOOK)
def post_webhook(delivery_id: int) -> str | None:
    """Try to hand a message to its webhook."""
    return deliver(delivery_id=delivery_id, now=timezone.now())


@app.task(base=RegularTask, name=TaskName.SEND_DUE_MESSAGES)
def send_due_messages() -> int:
    """Send the messages again that are due, mail that got lost, and what operators must know."""
    now = timezone.now()
    return send_due(now=now) + mail_unmailed(now=now) + tell_of_audit_breaks(now=now)
