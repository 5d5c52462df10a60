"""Small regular work: lost jobs, expired leases, the audit log's seal and its verification."""

from django.utils import timezone

from annotation_app.services.alerts.audit_checks import check_audit_log
from annotation_app.services.audit.seals import seal_audit_log
from annotation_app.services.exports.orphans import remove_leftovers
from annotation_app.services.jobs.lifecycle import sweep_jobs
from workers.celery_app import app
from workers.regular import RegularTask
from workers.task_names import TaskName


@app.task(base=RegularTask, name=TaskName.SWEEP_JOBS)
def sweep() -> int:
    """Send jobs again whose process was killed; clear away what stopped exports left."""
    remove_leftovers(now=timezone.now())
    return sweep_jobs(now=timezone.now())


@app.task(base=RegularTask, name=TaskName.SEAL_AUDIT)
def seal_audit() -> int:
    """Seal the audit events since the last seal."""
    return seal_audit_log()


@app.task(base=RegularTask, name=TaskName.VERIFY_AUDIT)
def verify_audit() -> int:
    """Verify every seal of the audit log; in how many parts it departs from them."""
    return len(check_audit_log(now=timezone.now()).breaks)
