"""The model queue's long jobs: training, prediction, priorities."""

import os

from django.conf import settings

from workers.celery_app import app
from workers.task_names import TaskName
from workers.tasks.gpus import gpu_environment
from workers.tasks.supervision import supervise


@app.task(name=TaskName.RUN_MODEL_JOB)
def run_model_job(job_id: int) -> None:
    """Run a job that loads torch in its child process."""
    environment = gpu_environment(settings.MODEL_DEVICE, os.environ)
    supervise(job_id, "workers.tasks.model_child", environment)
