import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from annotation_app.enums import JobKind, Role
from annotation_app.models import Benchmark, Job, JudgeRun
from annotation_app.services.people.members import add_member
from tests.factories.benchmarks import make_benchmarks
from tests.factories.running import run_here
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(2, k=2)


@pytest.fixture
def rater(campaign):
    [person] = make_annotators(campaign, 1)
    make_benchmarks(campaign, person, "walked")
    return person


@pytest.fixture
def admin(campaign, rater, client):
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=Role.ADMIN)
    client.force_login(person)
    return person


def address(name, campaign, number=1, **more):
    return reverse(name, kwargs={"slug": campaign.slug, "number": number, **more})


def upload(text, name="p.csv"):
    return SimpleUploadedFile(name, text.encode())


def test_a_plan_starts_a_job(campaign, admin, client):
    values = {
        "groups_2": 3,
        "groups_3": 2,
        "groups_4": 1,
        "tied_share": 25,
        "raters": 3,
        "calibration_pairs": 0,
        "categories": ["colour"],
        "seed": 5,
    }
    answer = client.post(reverse("benchmark-new", args=[campaign.slug]), values)
    assert answer.headers["Location"] == address("benchmark-detail", campaign, 3)
    benchmark = Benchmark.objects.get(campaign=campaign, number=3)
    assert benchmark.plan["groups"] == {"2": 3, "3": 2, "4": 1}
    assert benchmark.plan["categories"] == ["colour"]
    assert benchmark.job.kind == JobKind.BUILD_BENCHMARK


def test_too_small_a_plan_is_answered_on_the_form(campaign, admin, client):
    values = {"groups_2": 1, "groups_3": 0, "groups_4": 0, "tied_share": 0, "raters": 3}
    page = client.post(
        reverse("benchmark-new", args=[campaign.slug]),
        values | {"calibration_pairs": 0, "seed": 0},
    )
    assert "Ask for 5 to 10,000 groups" in page.content.decode()


def test_a_good_file_leads_to_its_score_sheet(campaign, admin, client):
    [group, *_] = Benchmark.objects.get(campaign=campaign, number=1).groups
    text = f"group_id,candidate,score\n{group['group_id']},A,2\n{group['group_id']},B,1"
    answers = {"name": "Mine", "file": upload(text)}
    asked = client.post(address("judge-upload", campaign), answers)
    job = Job.objects.get(kind=JobKind.SCORE_PREDICTIONS)
    assert asked.headers["Location"] == reverse("job-detail", args=[job.public_id])
    run_here(job)
    run = JudgeRun.objects.get(name="Mine")
    page = client.get(address("judge-detail", campaign, public_id=run.public_id))
    assert "All or nothing" in page.content.decode()
    taken = client.post(address("judge-upload", campaign), answers | {"file": upload(text)})
    assert taken.status_code == 422
    assert "This leaderboard already has a judge named Mine." in taken.content.decode()


def test_a_bad_file_is_answered_with_its_rows_on_the_page_of_its_job(campaign, admin, client):
    answers = {"name": "Mine", "file": upload("group_id,candidate,score\nnowhere,A,2")}
    client.post(address("judge-upload", campaign), answers)
    job = Job.objects.get(kind=JobKind.SCORE_PREDICTIONS)
    run_here(job)
    text = client.get(reverse("job-detail", args=[job.public_id])).content.decode()
    assert "Rows with errors: 1. Nothing was saved." in text
    assert "2: group_id: The benchmark has no group “nowhere”." in text
    assert "Use the IDs in the benchmark" in text
    assert not JudgeRun.objects.filter(name="Mine").exists()


def test_publishing_without_a_reason_says_how_many_rankings_are_missing(campaign, admin, client):
    page = client.post(address("benchmark-publish", campaign, 2), follow=True)
    assert "6 rankings have not been confirmed yet" in page.content.decode()
    client.post(address("benchmark-publish", campaign, 2), {"reason": "Enough."})
    job = Job.objects.get(kind=JobKind.PUBLISH_BENCHMARK)
    assert job.arguments["reason"] == "Enough."


def test_the_boards_are_files_too(campaign, admin, client):
    where = address("judge-board-file", campaign, kind="json")
    [row] = json.loads(client.get(where).content)
    assert (row["judge"], row["pooled_groups"]) == ("Judge", 6)
    csv = client.get(address("judge-board-file", campaign, kind="csv")).content.decode("utf-8-sig")
    assert csv.startswith("judge,kind,")
    content = client.get(address("judge-board-file", campaign, kind="csv")).content
    assert content.startswith(b"\xef\xbb\xbfjudge")  # by which Excel knows the encoding
    assert client.get(address("judge-board-file", campaign, kind="exe")).status_code == 404


def test_a_raters_page_is_found_from_home_until_all_is_ranked(campaign, rater, client):
    client.force_login(rater)
    assert "Check 6 rankings" in client.get(reverse("home")).content.decode()
    page = client.get(reverse("ranking-list", args=[campaign.slug])).content.decode()
    assert "Rank 6 groups" in page
    for _ in range(6):
        ranking = rater.joint_rankings.filter(ranks__isnull=True).first()
        where = reverse("ranking-detail", args=[ranking.token])
        answer = client.post(where, {"place-1": "1", "place-2": "2"})
        assert answer.status_code == 302
    assert answer.headers["Location"] == reverse("ranking-list", args=[campaign.slug])
    assert "Check" not in client.get(reverse("home")).content.decode()


def test_withdrawn_items_are_told_on_the_page(campaign, admin, client):
    item = campaign.campaign_items.order_by("pk")[0].item
    item.withdrawn_at, item.withdrawal_reason = NOON, "licence"
    item.save()
    page = client.get(address("benchmark-detail", campaign)).content.decode()
    assert "1 item of this benchmark has been withdrawn" in page
