"""Every kind of job has one line in the table, and one runner in the process that it belongs to."""

from annotation_app.enums import JOB_SPECS, JobKind
from workers.tasks import job_child, model_child


def test_every_kind_of_job_has_its_line():
    assert set(JOB_SPECS) == set(JobKind)


def test_the_processes_run_between_them_every_kind_and_none_twice():
    torch = {kind for kind, spec in JOB_SPECS.items() if spec.loads_torch}
    assert set(model_child.RUNNERS) == torch
    assert set(job_child.RUNNERS) == set(JobKind) - torch
