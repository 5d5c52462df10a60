"""Operators are written to once when regular work stops, whatever has stopped it."""

import threading
import time
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connections
from django.utils import timezone

from annotation_app.models import UpkeepRun, User
from annotation_app.services.jobs.upkeep import record_failure, record_round
from annotation_app.services.jobs.upkeep_watch import tell_of_stopped_upkeep
from annotation_app.web.jobs.health import watch
from tests.factories.threads import in_threads
from tests.factories.world import NOON, make_user
from workers.tasks.alerts import watch_campaigns

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


def done(name, at, *, every=MINUTE):
    record_round(name=name, every=every, seconds=0.5, now=at)


def tell(after):
    return tell_of_stopped_upkeep(now=NOON + after)


@pytest.fixture
def operator(db):
    make_user()  # neither of these is told
    User.objects.create_superuser("nowhere", email="", password=None)
    return make_user("operator", superuser=True)


@pytest.mark.django_db
def test_an_outage_is_told_once_and_the_next_one_again(operator):
    done("editjury.fold_agreement", NOON)
    assert [tell(minutes * MINUTE) for minutes in (3, 5, 6, 60)] == [0, 1, 0, 0]
    [message] = mail.outbox
    assert message.to == ["operator@example.org"]
    assert message.subject == "EditJury: regular work has stopped on http://testserver"
    assert "- editjury.fold_agreement: last done 2 Nov 2026, 12:00 UTC" in message.body
    assert "http://testserver/health/" in message.body
    done("editjury.fold_agreement", NOON + 90 * MINUTE)
    assert [tell(minutes * MINUTE) for minutes in (91, 95, 96)] == [0, 1, 0]


@pytest.mark.django_db
def test_what_stops_in_the_same_outage_is_told_with_it_and_what_stops_days_later_by_itself(
    operator,
):
    done("quick", NOON)
    done("slow", NOON, every=5 * MINUTE)
    done("daily", NOON, every=DAY)
    assert [tell(after) for after in (5 * MINUTE, 25 * MINUTE, DAY, 3 * DAY)] == [1, 0, 0, 0]
    assert tell(4.1 * DAY) == 1
    assert "- daily" in mail.outbox[1].body
    assert "- quick" not in mail.outbox[1].body


@pytest.mark.django_db
def test_each_operator_reads_it_in_their_language_with_the_last_failure(operator):
    operator.language = "zh-hans"
    operator.save()
    done("editjury.sweep_jobs", NOON)
    record_failure(name="editjury.sweep_jobs", every=MINUTE, error="lost", now=NOON + MINUTE)
    tell(5 * MINUTE)
    assert "定期工作" in mail.outbox[0].subject
    assert "lost" in mail.outbox[0].body


@pytest.mark.django_db
def test_a_mail_that_the_server_refuses_is_sent_with_the_next_look(operator, monkeypatch):
    done("work", NOON)

    def refuse(*_: object, **__: object) -> int:
        raise ConnectionRefusedError

    with monkeypatch.context() as down:
        down.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
        with pytest.raises(ConnectionRefusedError):
            tell(5 * MINUTE)
    assert tell(6 * MINUTE) == 1


@pytest.mark.django_db(transaction=True)
def test_of_eight_processes_that_look_at_once_one_tells(operator):
    done("work", NOON)
    told = in_threads(8, lambda _: tell(5 * MINUTE))
    assert sorted(told) == [0] * 7 + [1]
    connections.close_all()


@pytest.mark.django_db
def test_the_worker_of_the_regular_work_tells_of_a_part_that_has_stopped(operator):
    done("editjury.fold_agreement", timezone.now() - 10 * MINUTE)
    watch_campaigns()
    assert [message.to for message in mail.outbox] == [["operator@example.org"]]


@pytest.mark.django_db(transaction=True)
def test_a_web_process_tells_when_everything_else_has_stopped(
    operator, client, settings, monkeypatch
):
    settings.UPKEEP_WATCH_SECONDS = 3600
    monkeypatch.setattr(watch, "FIRST_AFTER", 0.0)
    done("editjury.sweep_jobs", timezone.now() - 10 * MINUTE)
    for _ in range(3):
        assert client.get("/accounts/login/").status_code == 200
    while any(one.name == "upkeep-watch" for one in threading.enumerate()):
        time.sleep(0.01)
    assert [message.to for message in mail.outbox] == [["operator@example.org"]]
    assert UpkeepRun.objects.get().told_at is not None
