"""The default queue's long jobs."""

from workers.celery_app import app
from workers.task_names import TaskName
from workers.tasks.supervision import supervise


@app.task(name=TaskName.RUN_JOB)
def run_job(job_id: int) -> None:
    """Run a light job in its child process."""
    supervise(job_id, "workers.tasks.job_child")
