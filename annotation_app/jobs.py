"""The only door to the queue: sends task names with ids, after the transaction commits."""

from django.db import transaction

from annotation_app.enums import JobKind
from annotation_app.models import Alert, Job, WebhookDelivery
from workers.celery_app import app
from workers.task_names import TaskName

# Kinds that load torch run on the model queue, whose workers alone import it.
MODEL_KINDS = frozenset(
    {
        JobKind.TRAIN_MODEL,
        JobKind.PREDICT,
        JobKind.REFRESH_PRIORITIES,
        JobKind.SCORE_BENCHMARK,
    }
)


def enqueue_job(job: Job) -> None:
    """Send a job to its queue once the current transaction has committed."""
    name = TaskName.RUN_MODEL_JOB if job.kind in MODEL_KINDS else TaskName.RUN_JOB
    job_id = job.pk
    transaction.on_commit(lambda: send(name, job_id))


def enqueue_alert_mail(alert: Alert) -> None:
    """Have an alert mailed once the current transaction has committed."""
    alert_id = alert.pk
    transaction.on_commit(lambda: send(TaskName.MAIL_ALERT, alert_id))


def enqueue_delivery(delivery: WebhookDelivery) -> None:
    """Have a message posted to its webhook once the current transaction has committed."""
    delivery_id = delivery.pk
    transaction.on_commit(lambda: send(TaskName.POST_WEBHOOK, delivery_id))


def send(name: TaskName, *ids: int) -> None:
    """Send a task by its name."""
    app.send_task(name, args=list(ids))
