"""The live figures of agreement: folding often, checking every night."""

from django.utils import timezone

from annotation_app.services.alerts.checking import check_campaigns
from annotation_app.services.live_agreement.folding import changed_campaigns, fold_campaign
from workers.celery_app import app
from workers.task_names import TaskName


@app.task(name=TaskName.FOLD_AGREEMENT)
def fold_agreement() -> int:
    """Fold the changes of every campaign that has some; how many."""
    now = timezone.now()
    return sum(fold_campaign(campaign=campaign, now=now) for campaign in changed_campaigns())


@app.task(name=TaskName.CHECK_AGREEMENT)
def check_agreement() -> int:
    """Rebuild every campaign's figures from the ratings; in how many they differed."""
    return check_campaigns(now=timezone.now())
