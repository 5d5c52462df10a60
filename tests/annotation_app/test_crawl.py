"""The loop is run through the services; then everyone opens its pages, a seeded share of them."""

import pytest
from django.test import Client
from django.urls import reverse

from annotation_app.enums import JobKind, JobState
from annotation_app.models import Job
from annotation_app.web.jobs.words import NAMES, UNSAID
from benchmarks.crawling.visits import Limits
from benchmarks.crawling.walking import Plan, tour
from tests.factories.loop.words import MARK
from tests.factories.loop.world import LoopWorld, run_the_loop

SAMPLE = Plan(Limits(per_door=2, per_question=1, per_form=1), languages=("en",), typed=15)
ENDED = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELLED)
STOP_POLLING = 286


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_page_of_a_whole_loop_breaks_or_leads_nowhere():
    world = run_the_loop()
    every_job_says_in_words_what_came_of_it(world)
    made = tour(world.cast.readers, SAMPLE, starts=world.starts, mark=MARK)
    assert made.faults == []


def every_job_says_in_words_what_came_of_it(world: LoopWorld) -> None:
    """The page and its live part, of every kind of job in every state, by what its service made."""
    ended = set(Job.objects.values_list("kind", "state"))
    assert ended >= {(kind, state) for kind in JobKind for state in ENDED}
    client = Client()
    client.force_login(world.cast.operator)
    for job in Job.objects.all():
        where = reverse("job-detail", args=[job.public_id])
        page, part = client.get(where), client.get(where, headers={"hx-request": "true"})
        assert page.status_code == 200, job
        assert part.status_code == (STOP_POLLING if job.state in ENDED else 200), job
        for key in {key for key, value in job.result.items() if value != []} - UNSAID:
            assert f"<dt>{NAMES[key]}</dt>" in page.content.decode(), (job, key)
        if "url" in job.result:
            assert client.get(job.result["url"]).status_code == 200, job
