"""The cache, limits, sessions and the queue while Redis does not answer."""

import socket
import sys
import time
from types import ModuleType
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.urls import reverse

from annotation_app import caching, jobs
from annotation_app.caching import OutageCache
from annotation_app.enums import JobKind, JobState
from annotation_app.jobs import queue_lengths, send_job
from annotation_app.models import Job, Rating
from annotation_app.outages import Outage
from annotation_app.services.jobs.lifecycle import create_job, sweep_jobs
from annotation_app.web.throttling import is_throttled
from tests.factories.world import NOON, make_annotators, make_user, make_viewable_campaign
from workers.celery_app import app


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def gone(settings):
    """No Redis at all: neither the cache nor the queue finds a server."""
    url = f"redis://127.0.0.1:{closed_port()}/0"
    outage = caching.OUTAGE
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": url}}
    settings.CELERY_BROKER_URL = url
    yield url
    outage.end()
    jobs.BROKER.end()


@pytest.fixture
def broker_gone(gone, monkeypatch):
    """The queue's own sender, pointed at no server; other tests replace it by a list."""
    lost = app.connection_for_write(gone)
    monkeypatch.setattr(
        jobs.app,
        "send_task",
        lambda name, args: type(app).send_task(app, name, args=args, connection=lost),
    )


@pytest.fixture
def earlier(monkeypatch):
    """A class of a module that the next version has no more."""
    module = ModuleType("earlier_version")
    board = type("Board", (), {"__module__": module.__name__})
    vars(module)["Board"] = board
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return board


def test_what_an_earlier_version_kept_is_computed_again_and_no_error(earlier):
    cache = caches["default"]
    cache.set_many({"old-board": earlier(), "new-board": 4}, 60)
    del sys.modules[earlier.__module__]
    assert cache.get_many(["old-board", "new-board"]) == {"new-board": 4}
    cache.set("old-board", 5, 60)
    assert cache.get("old-board") == 5


def test_figures_are_kept_in_the_process_while_redis_is_gone(gone):
    cache = caches["default"]
    assert cache.get("board") is None
    cache.set("board", {"best": 1})
    assert cache.get("board") == {"best": 1}
    assert cache.get_many(["board", "other"]) == {"board": {"best": 1}}
    assert cache.delete("board")
    assert "board" not in cache


def test_limits_still_count_while_redis_is_gone(gone):
    tries = [is_throttled(action="trial", who="x", most=3, seconds=60) for _ in range(5)]
    assert tries == [False, False, False, True, True]


def test_a_server_that_is_gone_is_asked_once_and_then_left_alone(gone, caplog):
    cache = caches["default"]
    began = time.monotonic()
    for number in range(500):
        cache.get(f"figure:{number}")
    assert time.monotonic() - began < 1
    assert caplog.text.count("does not answer") == 1


def test_a_server_that_hangs_holds_up_one_request_for_half_a_second():
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        cache = OutageCache(f"redis://127.0.0.1:{silent.getsockname()[1]}/0", {})
        began = time.monotonic()
        for number in range(100):
            assert cache.get(f"figure:{number}") is None
        caching.OUTAGE.end()
    assert time.monotonic() - began < 4 * caching.ANSWER_SECONDS


def test_what_a_process_kept_is_forgotten_at_the_next_outage(gone):
    cache = caches["default"]
    cache.set("board", "of the first outage")
    caching.OUTAGE.end()
    assert cache.get("board") is None


def test_a_server_is_asked_again_after_its_rest(caplog):
    outage = Outage("Trial", rest=0.05)
    assert outage.begin(OSError("refused"))
    assert outage.lasts
    time.sleep(0.1)
    assert not outage.lasts
    assert not outage.begin(OSError("refused"))  # still down: no second line in the log
    outage.end()
    assert not outage.lasts
    assert [record.getMessage().split(",")[0] for record in caplog.records] == [
        "Trial does not answer",
        "Trial answers again",
    ]


@pytest.mark.django_db
def test_people_sign_in_work_and_sign_out_without_redis(gone, client):
    user = make_user()
    user.set_password("a-long-enough-one")
    user.save()
    form = {"login": user.username, "password": "a-long-enough-one"}
    assert client.post(reverse("account_login"), form).status_code == 302
    assert client.get(reverse("preferences")).status_code == 200
    assert client.post(reverse("account_logout")).status_code == 302
    assert client.get(reverse("preferences")).status_code == 302
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_items_are_handed_out_and_ratings_taken_without_redis(gone, client):
    campaign = make_viewable_campaign(1, k=2)
    client.force_login(make_annotators(campaign, 1)[0])
    address = reverse("work-next", args=[campaign.slug])
    work = client.post(address, {}, content_type="application/json").json()
    scores = [
        {"position": position, "dimension": dimension["key"], "level": 2}
        for position in range(1, len(work["candidates"]) + 1)
        for dimension in work["rubric"]
    ]
    body = {"client_uuid": str(uuid4()), "scores": scores, "seconds": 30, "aids": {}}
    submit = reverse("work-submit", args=[work["token"]])
    answers = [client.post(submit, body, content_type="application/json") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert Rating.objects.count() == 1
    assert client.get(reverse("annotate", args=[campaign.slug])).status_code == 200


def make_job():
    return create_job(kind=JobKind.EXPORT_DATASET, arguments={}, created_by=None)


@pytest.mark.django_db
def test_a_job_asked_for_without_redis_waits_and_is_sent_when_it_is_back(
    gone, broker_gone, monkeypatch, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        job = make_job()
    job.refresh_from_db()
    assert (job.state, job.sent_at) == (JobState.QUEUED, None)
    assert queue_lengths() is None
    jobs.BROKER.end()
    messages = []
    monkeypatch.setattr(jobs.app, "send_task", lambda name, args: messages.append(args))
    Job.objects.update(created_at=NOON)
    for _ in range(3):  # a job that was just sent is not sent again
        sweep_jobs(now=NOON.replace(hour=13))
    assert messages == [[job.pk]]
    job.refresh_from_db()
    assert job.sent_at is not None


@pytest.mark.django_db
def test_many_jobs_without_redis_wait_for_it_once(gone, broker_gone):
    waiting = [make_job() for _ in range(50)]
    began = time.monotonic()
    assert not any(send_job(job) for job in waiting)
    assert time.monotonic() - began < 5
