"""An error that no code foresaw: a sentence for everybody, its place for operators."""

import importlib

import pytest
from django.db import connection

from annotation_app.enums import JobKind, JobState
from annotation_app.models import Job, JobLine
from tests.factories.world import NOON
from workers.tasks import supervision
from workers.tasks.supervision import run_claimed

pytestmark = pytest.mark.django_db


def test_a_jobs_error_names_no_path_and_its_log_does(monkeypatch):
    monkeypatch.setattr(supervision, "end_with_parent", lambda: None)  # this process stays
    job = Job.objects.create(
        kind=JobKind.EXPORT_DATASET, state=JobState.RUNNING, started_at=NOON, heartbeat_at=NOON
    )

    def run(_job, _reporter):
        raise FileNotFoundError("/srv/editjury/secret/place")

    assert run_claimed(job.pk, {JobKind.EXPORT_DATASET: run}) == 0
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert job.error.startswith("An unexpected error")
    assert "/srv" not in job.error
    assert "FileNotFoundError" not in job.error
    lines = [line.text for line in job.lines.all()]
    assert lines[0].startswith("Traceback")
    assert "/srv/editjury/secret/place" in lines[-1]


def test_the_migration_takes_paths_out_of_the_errors_of_broken_programs_only():
    migration = importlib.import_module(
        "annotation_app.migrations.0026_unforeseen_errors_in_a_sentence"
    )
    told = "FileNotFoundError: /srv/editjury/secret/place"
    broken, refused = (
        Job.objects.create(kind=JobKind.EXPORT_DATASET, state=JobState.FAILED, error=error)
        for error in (told, "Row 3: the image is missing.")
    )
    JobLine.objects.create(job=broken, text=told)
    with connection.cursor() as cursor:
        cursor.execute(migration.SENTENCE)
    for job in (broken, refused):
        job.refresh_from_db()
    assert broken.error == supervision.UNEXPECTED
    assert refused.error == "Row 3: the image is missing."
    assert broken.lines.get().text == told
