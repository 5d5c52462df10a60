"""What researchers' programs can reach with a token of their own."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from knox.models import AuthToken

from annotation_app.enums import AuditVerb, BuildState, MembershipStatus, Role
from annotation_app.exceptions import ConflictError, InvalidInputError, NotAllowedError
from annotation_app.models import AuditEvent, Benchmark, DatasetVersion, Job, Membership
from annotation_app.services.people.members import add_member
from annotation_app.services.people.tokens import MOST_TOKENS, create_token, revoke_tokens
from tests.factories.benchmarks import make_benchmarks
from tests.factories.rated import rate_next
from tests.factories.running import run_here
from tests.factories.world import PASSWORD, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(4, k=2)


@pytest.fixture
def researcher(campaign):
    user = make_user()
    add_member(actor=None, campaign=campaign, user=user, role=Role.RESEARCHER)
    return user


@pytest.fixture
def program(researcher):
    """A client that sends a token and has no session."""
    return with_token(researcher)


def with_token(user):
    return Client(headers={"authorization": f"Token {create_token(user=user, days=7).text}"})


@pytest.fixture
def version(campaign, tmp_path):
    folder = Path(settings.EXPORT_ROOT) / "by-program"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "train.json").write_text('[{"score": 1}]')
    (folder / "left-over.tmp").write_text("half")
    return DatasetVersion.objects.create(
        campaign=campaign,
        number=1,
        seed=0,
        state=BuildState.READY,
        folder="by-program",
        manifest={"files": {"train.json": {"bytes": 14, "sha256": ""}}},
    )


def at(campaign, rest):
    return f"/api/v1/campaigns/{campaign.slug}/{rest}"


def test_a_program_downloads_the_listed_files_of_a_ready_version_and_no_others(
    program, campaign, version
):
    listed = program.get(at(campaign, "datasets/1/")).json()
    assert (listed["number"], listed["state"]) == (1, "ready")
    answer = program.get(at(campaign, "datasets/1/files/train.json"))
    assert b"".join(answer.streaming_content) == b'[{"score": 1}]'
    for other in ("left-over.tmp", "../by-program/train.json", "%2e%2e/secret_key", "gone.json"):
        assert program.get(at(campaign, f"datasets/1/files/{other}")).status_code == 404
    DatasetVersion.objects.update(state=BuildState.BUILDING)
    assert program.get(at(campaign, "datasets/1/files/train.json")).status_code == 404


def test_a_program_asks_for_a_version_and_learns_its_job(program, campaign):
    asked = program.post(
        at(campaign, "datasets/"),
        {"formats": ["trl"], "minimum_margin": "1/2"},
        content_type="application/json",
    )
    assert asked.status_code == 202
    version = DatasetVersion.objects.get()
    assert asked.json()["job"] == str(version.job.public_id)
    assert version.options["formats"] == ["trl"]
    assert program.get(f"/api/v1/jobs/{version.job.public_id}/").status_code == 200


@pytest.mark.parametrize("body", [{"formats": ["zip"]}, {"no_such": 1}, ["trl"]])
def test_unknown_options_are_refused_and_nothing_is_asked_for(program, campaign, body):
    refused = program.post(at(campaign, "datasets/"), body, content_type="application/json")
    assert refused.status_code == 400
    assert "ption" in refused.json()["message"]
    assert not DatasetVersion.objects.exists()


def test_a_program_scores_its_judge_and_reads_the_board(program, campaign, researcher):
    make_benchmarks(campaign, researcher, "by-program")
    groups = Benchmark.objects.get(number=1).groups
    lines = ["group_id,candidate,score"]
    for number, group in enumerate(groups):
        lines += [f"{group['group_id']},A,{-(number % 2)}", f"{group['group_id']},B,-0.5"]
    file = SimpleUploadedFile("mine.csv", "\n".join(lines).encode())
    made = program.post(at(campaign, "benchmarks/1/judges/"), {"name": "mine", "file": file})
    assert made.status_code == 202
    run_here(Job.objects.get(public_id=made.json()["public_id"]))
    board = program.get(at(campaign, "benchmarks/1/judges/")).json()["judges"]
    assert [(row["judge"], row["pooled_accuracy"]) for row in board] == [
        ("mine", 1),
        ("Judge", 0.5),
    ]
    bad = SimpleUploadedFile("bad.csv", b"group_id,candidate,score\nnone,A,1\n")
    refused = program.post(at(campaign, "benchmarks/1/judges/"), {"name": "bad", "file": bad})
    job = Job.objects.get(public_id=refused.json()["public_id"])
    run_here(job)
    ended = program.get(f"/api/v1/jobs/{job.public_id}/").json()
    assert ended["state"] == "failed"
    assert ended["error"].startswith("Rows with errors: 1. Nothing was saved.\n2: group_id:")


def test_the_generators_board_is_read(program, campaign):
    rate_next(campaign, make_annotators(campaign, 1)[0])
    board = program.get(at(campaign, "generators/")).json()
    assert board["items"] == 1
    assert {"generator", "overall_mean"} <= set(board["generators"][0])


def test_a_token_never_rates(campaign):
    annotator = make_annotators(campaign, 1)[0]
    add_member(actor=None, campaign=campaign, user=annotator, role=Role.RESEARCHER)
    answer = with_token(annotator).post(f"/api/v1/work/campaigns/{campaign.slug}/next")
    assert answer.status_code == 403
    assert "cannot submit ratings" in str(answer.json())


def test_a_token_ends_by_time_by_revoking_and_with_the_membership(program, campaign, researcher):
    door = at(campaign, "datasets/")
    assert program.get(door).status_code == 200
    Membership.objects.filter(user=researcher).update(status=MembershipStatus.LEFT)
    assert program.get(door).status_code == 404
    Membership.objects.filter(user=researcher).update(status=MembershipStatus.ACTIVE)
    AuthToken.objects.update(expiry=timezone.now() - timedelta(seconds=1))
    assert program.get(door).status_code == 401
    fresh = with_token(researcher)
    assert revoke_tokens(user=researcher, actor=researcher) >= 1
    assert fresh.get(door).status_code == 401


def test_making_and_revoking_leave_an_event_without_the_secret(researcher):
    token = create_token(user=researcher, days=30)
    stored = AuthToken.objects.get()
    assert token.text not in stored.digest
    assert revoke_tokens(user=make_user(), actor=None, digest=stored.digest) == 0  # not theirs
    assert revoke_tokens(user=researcher, actor=researcher, digest=stored.digest) == 1
    events = list(AuditEvent.objects.filter(object_type="api_token").order_by("pk"))
    assert [event.verb for event in events] == [AuditVerb.CREATED, AuditVerb.WITHDRAWN]
    assert all(token.text not in str(vars(event)) for event in events)


def test_tokens_are_few_limited_and_for_those_who_see_results(researcher):
    with pytest.raises(NotAllowedError):
        create_token(user=make_user(), days=7)
    with pytest.raises(InvalidInputError):
        create_token(user=researcher, days=8)
    for _ in range(MOST_TOKENS):
        create_token(user=researcher, days=7)
    with pytest.raises(ConflictError):
        create_token(user=researcher, days=7)


def test_the_page_shows_a_new_token_once_and_is_kept_by_no_cache(researcher):
    client = Client()
    client.force_login(researcher)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    shown = client.post("/preferences/tokens/", {"days": "7"})
    text = shown.context["fresh"].text
    assert text in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    again = client.get("/preferences/tokens/")
    assert text not in again.content.decode()
    assert AuthToken.objects.get().token_key[:8] in again.content.decode()
    client.post("/preferences/tokens/revoke/")
    assert not AuthToken.objects.exists()


def test_a_token_has_a_name_by_which_its_person_tells_it_from_others(researcher):
    client = Client()
    client.force_login(researcher)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/preferences/tokens/", {"days": "7", "name": " weekly  board "})
    client.post("/preferences/tokens/", {"days": "7"})
    page = client.get("/preferences/tokens/").content.decode()
    assert page.count("weekly board") == 2  # in its row, and for the ears on its button
    assert client.post("/preferences/tokens/", {"days": "7", "name": "n" * 81}).status_code == 200
    assert AuthToken.objects.count() == 2
    events = AuditEvent.objects.filter(object_type="api_token").order_by("pk")
    assert [event.data["name"] for event in events] == ["weekly board", ""]
    with pytest.raises(InvalidInputError):
        create_token(user=researcher, days=7, name="n" * 81)
