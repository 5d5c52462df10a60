"""Planning a campaign's tasks on a real worker: done once, clicked twice, cancelled, killed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from annotation_app.enums import JobKind, JobState, Role
from annotation_app.jobs import send
from annotation_app.models import Campaign, Job, Task
from annotation_app.services.campaigns.creation import CampaignDesign, create_campaign
from annotation_app.services.campaigns.plan_jobs import request_plan
from annotation_app.services.jobs.lifecycle import request_cancel, sweep_jobs
from annotation_app.services.people.members import add_member
from tests.factories.celery_worker import database_url
from tests.factories.world import make_collection, make_user
from workers.task_names import TaskName

pytestmark = [
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]
ITEMS, CHUNK = 2010, 2000


@pytest.fixture
def campaign():
    """A campaign without slots, over two chunks of items."""
    return create_campaign(
        actor=None,
        name="To be planned",
        collection=make_collection(ITEMS, 2),
        design=CampaignDesign(seed=7, candidates_per_item=2, reserved_share=0.2),
    )


@contextmanager
def held_up() -> Iterator[psycopg.Connection]:
    """Let no task be added meanwhile: planning waits in its first chunk."""
    with psycopg.connect(database_url()) as connection:
        connection.execute("LOCK TABLE annotation_app_task IN SHARE ROW EXCLUSIVE MODE")
        yield connection


def is_planned_exactly(campaign):
    slots = campaign.campaign_items.annotate(n=Count("tasks"), k=Count("drawn", distinct=True))
    planned = set(slots.values_list("in_overlap_sample", "k"))
    assert {k for _sample, k in planned} == {2}
    assert campaign.campaign_items.count() == ITEMS
    plan = campaign.overlap_plans.get()
    sample = campaign.campaign_items.filter(in_overlap_sample=True).count()
    wanted = (ITEMS - sample) * plan.base_ratings + sample * plan.overlap_ratings
    assert Task.objects.filter(campaign=campaign).count() == wanted
    return 0.0 < Campaign.objects.get(pk=campaign.pk).reserved_task_share < 1.0


def waits_for_the_lock(campaign, worker):
    return worker.wait_until(
        campaign.jobs.get(), lambda job: job.state == JobState.RUNNING and job.started_at
    )


def test_two_clicks_and_three_messages_plan_a_campaign_once(campaign, worker, client):
    admin = make_user()
    add_member(actor=None, campaign=campaign, user=admin, role=Role.ADMIN)
    client.force_login(admin)
    where = reverse("campaign-plan", args=[campaign.slug])
    with held_up():
        wish = {"act": "apply", "base_ratings": 1, "overlap_share": 0.1, "overlap_ratings": 3}
        assert [client.post(where, wish).status_code for _ in range(2)] == [302, 400]
        job = Job.objects.get(kind=JobKind.PLAN_TASKS)  # the second click made no other one
        for _ in range(2):
            send(TaskName.RUN_JOB, job.pk)
    job = worker.wait(job)
    assert (job.state, job.attempt) == (JobState.SUCCEEDED, 1), job.error
    assert job.result["items_added"] == ITEMS
    assert (job.done, job.total) == (ITEMS, ITEMS)
    assert is_planned_exactly(campaign)
    again = worker.wait(request_plan(campaign=campaign, actor=admin))
    assert (again.result["items_added"], again.result["tasks_added"]) == (0, 0)


def test_a_cancelled_plan_stops_between_chunks_and_the_next_one_goes_on(campaign, worker):
    actor = make_user()
    with held_up():
        job = request_plan(campaign=campaign, actor=actor)
        job = waits_for_the_lock(campaign, worker)
        request_cancel(job=job, actor=actor, now=timezone.now())
    assert worker.wait(job).state == JobState.CANCELLED
    assert campaign.campaign_items.count() == CHUNK
    assert Campaign.objects.get(pk=campaign.pk).reserved_task_share > 0  # they are served
    job = worker.wait(request_plan(campaign=campaign, actor=actor))
    assert job.state == JobState.SUCCEEDED, job.error
    assert job.result["items_added"] == ITEMS - CHUNK
    assert is_planned_exactly(campaign)


def test_a_plan_whose_worker_was_killed_is_sent_again_and_adds_everything_once(campaign, worker):
    with held_up():
        request_plan(campaign=campaign, actor=make_user())
        job = waits_for_the_lock(campaign, worker)
        worker.kill()
    worker.start()
    Job.objects.filter(pk=job.pk).update(heartbeat_at=timezone.now() - timedelta(minutes=2))
    assert sweep_jobs(now=timezone.now()) == 1
    job = worker.wait(job)
    assert (job.state, job.attempt) == (JobState.SUCCEEDED, 2), job.error
    assert is_planned_exactly(campaign)
