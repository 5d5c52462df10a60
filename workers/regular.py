"""Regular work: a task that notes when it was last done, so that pages can say if it stops."""

import logging
import time
from datetime import timedelta
from typing import Any

from celery import Task
from django.db import DatabaseError
from django.utils import timezone
from typing_extensions import override

from annotation_app.services.jobs.upkeep import record_failure, record_round
from workers.task_names import REGULAR, TaskName

logger = logging.getLogger(__name__)


class RegularTask(Task):  # type: ignore[type-arg]  # Celery's class takes no arguments at run time
    """A task of the schedule; each round is recorded under its name."""

    abstract = True

    @override
    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        every = timedelta(seconds=REGULAR[TaskName(self.name)])
        began = time.monotonic()
        try:
            result = super().__call__(*args, **kwargs)
        except Exception as error:
            _note_failure(self.name, every, error)
            raise
        seconds = time.monotonic() - began
        record_round(name=self.name, every=every, seconds=seconds, now=timezone.now())
        return result


def _note_failure(name: str, every: timedelta, error: Exception) -> None:
    words = f"{type(error).__name__}: {error}"
    try:
        record_failure(name=name, every=every, error=words, now=timezone.now())
    except DatabaseError:  # then that is the cause, and the log says so
        logger.warning("could not note that %s failed", name)
