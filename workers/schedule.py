"""What beat sends, and how often."""

from celery.schedules import crontab

from workers.celery_app import app
from workers.task_names import TaskName

app.conf.beat_schedule = {
    "send lost jobs again": {"task": TaskName.SWEEP_JOBS, "schedule": 30.0},
    "seal the audit log": {"task": TaskName.SEAL_AUDIT, "schedule": 300.0},
    "fold agreement": {"task": TaskName.FOLD_AGREEMENT, "schedule": 20.0},
    "check the live figures": {
        "task": TaskName.CHECK_AGREEMENT,
        "schedule": crontab(hour="3", minute="20"),
    },
    "study annotators": {
        "task": TaskName.STUDY_RATERS,
        "schedule": crontab(hour="3", minute="50"),
    },
    "watch campaigns": {"task": TaskName.WATCH_CAMPAIGNS, "schedule": 60.0},
    "send due messages": {"task": TaskName.SEND_DUE_MESSAGES, "schedule": 30.0},
    "check annotators' work": {"task": TaskName.CHECK_QUALITY, "schedule": 15.0},
}
