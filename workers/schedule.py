"""What beat sends, and how often."""

from workers.celery_app import app
from workers.task_names import TaskName

app.conf.beat_schedule = {
    "send lost jobs again": {"task": TaskName.SWEEP_JOBS, "schedule": 30.0},
    "seal the audit log": {"task": TaskName.SEAL_AUDIT, "schedule": 300.0},
}
