"""The Celery application. Each queue's worker imports only its own task modules."""

import os

from celery import Celery

from workers.task_names import QueueName, TaskName

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotation_app.settings.local")

TASK_MODULES = {
    QueueName.DEFAULT: ["workers.tasks.jobs"],
    QueueName.MODEL: ["workers.tasks.model_jobs"],
    QueueName.UPKEEP: [
        "workers.tasks.upkeep",
        "workers.tasks.agreement",
        "workers.tasks.alerts",
        "workers.tasks.quality",
    ],
}
# Every other task is upkeep: a new task stays off the long jobs' queues by default.
LONG = {TaskName.RUN_JOB: QueueName.DEFAULT, TaskName.RUN_MODEL_JOB: QueueName.MODEL}
ALL_MODULES = [module for modules in TASK_MODULES.values() for module in modules]

app = Celery("editjury")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.task_routes = {name: {"queue": LONG.get(name, QueueName.UPKEEP)} for name in TaskName}

# EDITJURY_QUEUE names the queue that a worker process serves; a sender imports no task module.
_queue = os.environ.get("EDITJURY_QUEUE", "")
app.conf.imports = TASK_MODULES[QueueName(_queue)] if _queue else ALL_MODULES
