"""The live figures of agreement: folding often, checking and studying annotators every night."""

from django.utils import timezone

from annotation_app.selectors.agreement.live.pending import changed_campaigns
from annotation_app.services.agreement.checking import check_campaigns
from annotation_app.services.agreement.folding import fold_campaign
from annotation_app.services.raters.studying import request_due_studies
from workers.celery_app import app
from workers.regular import RegularTask
from workers.task_names import TaskName


@app.task(base=RegularTask, name=TaskName.FOLD_AGREEMENT)
def fold_agreement() -> int:
    """Fold the changes of every campaign that has some; how many."""
    now = timezone.now()
    return sum(fold_campaign(campaign=campaign, now=now) for campaign in changed_campaigns())


@app.task(base=RegularTask, name=TaskName.CHECK_AGREEMENT)
def check_agreement() -> int:
    """Rebuild every campaign's figures from the ratings; in how many they differed."""
    return check_campaigns(now=timezone.now())


@app.task(base=RegularTask, name=TaskName.STUDY_RATERS)
def study_raters() -> int:
    """Ask for a study of every campaign whose ratings changed since the last; of how many."""
    return request_due_studies(now=timezone.now())
