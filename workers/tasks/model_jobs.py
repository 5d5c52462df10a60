"""The model queue's long jobs: training, prediction, priorities."""

from workers.celery_app import app
from workers.task_names import TaskName
from workers.tasks.supervision import supervise


@app.task(name=TaskName.RUN_MODEL_JOB)
def run_model_job(job_id: int) -> None:
    """Run a job that loads torch in its child process."""
    supervise(job_id, "workers.tasks.model_child")
