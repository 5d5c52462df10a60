"""Checks of the annotators' work: gold, repeats, cross-checks, speed, disputes."""

import logging
import random

from django.utils import timezone

from annotation_app.services.quality_checks import (
    checked_campaigns,
    note_failed_checks,
    note_sound_checks,
    run_quality_checks,
)
from workers.celery_app import app
from workers.regular import RegularTask
from workers.task_names import TaskName

logger = logging.getLogger(__name__)


@app.task(base=RegularTask, name=TaskName.CHECK_QUALITY)
def check_quality() -> int:
    """Run one round of checks in every active campaign; returns how many succeeded.

    A round that fails does not affect the others, and its campaign's admins are notified; it is run
    again with the next message.
    """
    now, done = timezone.now(), 0
    for campaign in checked_campaigns():
        try:
            run_quality_checks(campaign=campaign, now=now, rng=random.SystemRandom())
        except Exception as error:
            logger.exception("the checks of campaign %s failed", campaign.slug)
            note_failed_checks(campaign=campaign, error=error, now=now)
        else:
            note_sound_checks(campaign=campaign, now=now)
            done += 1
    return done
