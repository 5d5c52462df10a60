"""What the operator is told: regular work, processes, and what of them is in trouble."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

import workers.schedule  # noqa: F401 - what beat sends
from annotation_app.models import UpkeepRun
from annotation_app.selectors.jobs.health import read_processes
from annotation_app.selectors.jobs.upkeep import overdue_since, upkeep_states
from annotation_app.services.jobs.upkeep import record_failure, record_round
from annotation_app.web.jobs.health.words import upkeep_words
from tests.factories.world import NOON, make_user
from workers.celery_app import app
from workers.task_names import REGULAR, QueueName, TaskName
from workers.tasks import quality, upkeep

MINUTE = timedelta(minutes=1)


def done(name="editjury.fold_agreement", *, every=MINUTE, at=NOON):
    record_round(name=name, every=every, seconds=0.5, now=at)


@pytest.mark.django_db
def test_work_is_overdue_after_four_missed_rounds_and_never_within_two_minutes():
    done("slow", every=MINUTE)
    done("quick", every=timedelta(seconds=10))

    def overdue(after):
        return {one.run.name for one in upkeep_states(NOON + after) if one.overdue}

    assert overdue(2 * MINUTE) == set()
    assert overdue(2.1 * MINUTE) == {"quick"}
    assert overdue(4.1 * MINUTE) == {"slow", "quick"}
    assert overdue_since(NOON + 5 * MINUTE) == NOON
    done("slow", at=NOON + 4 * MINUTE)
    done("quick", at=NOON + 5 * MINUTE)
    assert overdue_since(NOON + 5 * MINUTE) is None


@pytest.mark.django_db
def test_a_failure_is_told_until_a_round_goes_well():
    done()
    record_failure(name="editjury.fold_agreement", every=MINUTE, error="lost", now=NOON + MINUTE)
    assert upkeep_states(NOON + MINUTE)[0].failing
    done(at=NOON + 2 * MINUTE)
    assert not upkeep_states(NOON + 2 * MINUTE)[0].failing


@pytest.mark.django_db
def test_every_round_of_regular_work_is_recorded_with_its_failures(monkeypatch):
    upkeep.sweep()
    assert UpkeepRun.objects.get().name == TaskName.SWEEP_JOBS
    monkeypatch.setattr(quality, "checked_campaigns", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        quality.check_quality()
    failed = UpkeepRun.objects.get(name=TaskName.CHECK_QUALITY)
    assert failed.ended_at is None
    assert failed.error.startswith("ZeroDivisionError")
    assert [one.run.name for one in upkeep_states(timezone.now()) if one.overdue] == [failed.name]


def test_no_regular_work_shares_a_queue_with_long_jobs_and_none_waits_longer_than_its_turn():
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == set(REGULAR)
    for entry in app.conf.beat_schedule.values():
        assert app.conf.task_routes[entry["task"]]["queue"] == QueueName.UPKEEP
        assert entry["options"]["expires"] == REGULAR[entry["task"]]
    long = [
        app.conf.task_routes[name]["queue"]
        for name in ("editjury.run_job", "editjury.run_model_job")
    ]
    assert long == [QueueName.DEFAULT, QueueName.MODEL]


def test_every_regular_work_has_words_on_the_page():
    assert all(upkeep_words(name) != name for name in REGULAR)


def test_the_report_of_processes_is_read_and_a_broken_one_is_none(tmp_path):
    assert read_processes(tmp_path) is None
    report = tmp_path / "supervisor.json"
    report.write_text('{"processes": [{"name"')
    assert read_processes(tmp_path) is None
    said = {"name": "beat", "pid": 7, "since": 0.0, "restarts": 3, "last_end": "was ended"}
    report.write_text(json.dumps({"processes": [said]}))
    assert [(one.name, one.restarts) for one in read_processes(tmp_path)] == [("beat", 3)]


@pytest.mark.django_db
def test_the_page_shows_restarts_and_who_administers_sees_a_banner_when_work_stops(
    client, settings, tmp_path
):
    settings.RUN_ROOT = tmp_path
    said = {
        "name": "beat",
        "pid": 7,
        "since": 1e9,
        "restarts": 31,
        "last_end": "was ended by SIGKILL",
    }
    (tmp_path / "supervisor.json").write_text(json.dumps({"processes": [said]}))
    client.force_login(make_user(superuser=True))
    done(at=timezone.now())
    page = client.get(reverse("health")).content.decode()
    assert "was ended by SIGKILL" in page
    assert "31" in page
    assert "Adding changed ratings to the live figures" in page
    assert "overdue" not in client.get(reverse("home")).content.decode()
    done(at=timezone.now() - timedelta(hours=1))
    assert "is overdue" in client.get(reverse("home")).content.decode()
    client.force_login(make_user())
    assert "is overdue" not in client.get(reverse("home")).content.decode()
    assert client.get(reverse("health")).status_code == 404
