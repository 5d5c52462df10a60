"""Checks of the annotators' work: gold, repeats, cross-checks, speed, disputes."""

import random

from django.utils import timezone

from annotation_app.services.quality_checks import checked_campaigns, run_quality_checks
from workers.celery_app import app
from workers.task_names import TaskName


@app.task(name=TaskName.CHECK_QUALITY)
def check_quality() -> int:
    """Run one round of checks in every campaign that has quality rules; how many there are."""
    now = timezone.now()
    campaigns = checked_campaigns()
    for campaign in campaigns:
        run_quality_checks(campaign=campaign, now=now, rng=random.SystemRandom())
    return len(campaigns)
