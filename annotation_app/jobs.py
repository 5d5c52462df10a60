"""The only way into the queue: sends task names with ids after the transaction commits.

What is sent is in the database already: if the broker does not answer, the row waits there, and the
sweep sends it when the broker is back. So no user's action fails because of the queue.
"""

from celery.exceptions import OperationalError
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from annotation_app.enums import JOB_SPECS, JobKind
from annotation_app.models import Alert, Job, WebhookDelivery
from annotation_app.outages import Outage
from workers.celery_app import app
from workers.task_names import QueueName, TaskName

UNREACHABLE = (OperationalError, RedisError, OSError)
BROKER = Outage("Redis (queue)")
ANSWER_SECONDS = 1.0


def enqueue_job(job: Job) -> None:
    """Send a job to its queue once the current transaction has committed."""
    transaction.on_commit(lambda: send_job(job))


def send_job(job: Job) -> bool:
    """Send a committed job and note when; False if the broker does not answer."""
    spec = JOB_SPECS[JobKind(job.kind)]
    name = TaskName.RUN_MODEL_JOB if spec.loads_torch else TaskName.RUN_JOB
    if not send(name, job.pk):
        return False
    Job.objects.filter(pk=job.pk).update(sent_at=timezone.now())
    return True


def enqueue_alert_mail(alert: Alert) -> None:
    """Have an alert mailed once the current transaction has committed."""
    alert_id = alert.pk
    transaction.on_commit(lambda: send(TaskName.MAIL_ALERT, alert_id))


def enqueue_delivery(delivery: WebhookDelivery) -> None:
    """Have a message posted to its webhook once the current transaction has committed."""
    delivery_id = delivery.pk
    transaction.on_commit(lambda: send(TaskName.POST_WEBHOOK, delivery_id))


def send(name: TaskName, *ids: int) -> bool:
    """Send a task by its name; False if the broker does not answer, or did not a moment ago."""
    if BROKER.lasts:
        return False
    try:
        app.send_task(name, args=list(ids))
    except UNREACHABLE as error:
        BROKER.begin(error)
        return False
    BROKER.end()
    return True


def queue_lengths() -> dict[str, int] | None:
    """How many messages wait in each queue; None if the broker does not answer."""
    options = {"socket_connect_timeout": ANSWER_SECONDS, "socket_timeout": ANSWER_SECONDS}
    try:
        with Redis.from_url(
            settings.CELERY_BROKER_URL, retry=Retry(NoBackoff(), 0), **options
        ) as broker:
            return {name.value: int(broker.llen(name.value)) for name in QueueName}
    except UNREACHABLE:
        return None
