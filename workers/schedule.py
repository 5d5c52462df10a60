"""What beat sends, and how often. A round that waited until the next is due is dropped."""

from celery.schedules import BaseSchedule, crontab

from workers.celery_app import app
from workers.task_names import REGULAR, TaskName

AT_NIGHT: dict[TaskName, BaseSchedule] = {
    TaskName.VERIFY_AUDIT: crontab(hour="2", minute="50"),
    TaskName.CHECK_AGREEMENT: crontab(hour="3", minute="20"),
    TaskName.STUDY_RATERS: crontab(hour="3", minute="50"),
}

app.conf.beat_schedule = {
    name.value: {
        "task": name,
        "schedule": AT_NIGHT.get(name, every),
        "options": {"expires": every},
    }
    for name, every in REGULAR.items()
}
