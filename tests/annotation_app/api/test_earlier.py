"""Addresses from before `/api/v1`: stored work is taken there, and all else says where it is."""

import pytest
from django.test import Client
from django.utils import timezone

from annotation_app.enums import Role
from annotation_app.models import Flag, Lease, Rating
from annotation_app.payloads.workbench import describe_rating
from annotation_app.services.people.members import add_member
from annotation_app.services.people.tokens import create_token
from tests.annotation_app.api.rating.test_work import body_for, next_work, send, signed_in
from tests.factories.browser_store import STORED, TOKENS, lease_as_stored
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db

# As the modules of that version sent every entry.
AT_EARLIER = "/api/work/leases/"


@pytest.fixture
def campaign():
    return make_campaign(6, k=3, base=2, overlap=2)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


@pytest.fixture
def client(ann):
    return signed_in(ann)


def deliver(client, entry):
    return send(client, entry["method"].lower(), entry["url"], entry["body"])


def test_an_outbox_of_the_version_before_is_delivered_whole(client, campaign, ann):
    lease_as_stored(campaign, ann, timezone.now())
    answers = [deliver(client, entry) for entry in STORED["outbox"]]
    assert [answer.status_code for answer in answers] == [201, 200, 201, 201, 200]
    changed, other = Rating.objects.order_by("pk").select_related("current_revision")
    assert describe_rating(changed)["scores"] == {
        "1": {"if": 1, "vq": 3},  # was 4 before it was changed by the undo key
        "2": {"if": 2, "vq": "outside_knowledge"},
        "3": {"if": 1, "vq": 2},
    }
    assert (changed.current_revision.cause, changed.current_revision.note) == (
        "undo",
        "a shadow is left",
    )
    assert describe_rating(other)["scores"]["3"] == {"if": 3, "vq": 3}
    assert Flag.objects.get().note == "a real person"
    assert Lease.objects.get(token=TOKENS[2]).outcome == "skipped"
    again = deliver(client, STORED["outbox"][0])  # its answer got lost
    assert again.status_code == 200
    assert Rating.objects.count() == 2


def test_a_draft_of_the_version_before_is_kept_and_a_page_of_today_reads_it(client, campaign, ann):
    lease_as_stored(campaign, ann, timezone.now())
    [kept] = STORED["drafts"]
    draft = kept["draft"]
    body = {"draft": draft, "number": draft["number"]}
    answer = send(client, "put", f"{AT_EARLIER}{kept['token']}/draft", body)
    assert answer.json() == {"number": 2}  # two scores were given
    page = client.get(f"/campaigns/{campaign.slug}/work/")
    works = {work["token"]: work for work in page.context["page_data"]["works"]}
    work = works[kept["token"]]
    assert (work["draft"], work["draft_number"]) == (draft, 2)


def test_an_open_page_of_the_version_before_is_answered_in_its_own_casing(client, campaign):
    work = next_work(client, campaign)
    where = f"{AT_EARLIER}{work['token']}"
    beat = send(client, "post", "/api/work/heartbeat", {"tokens": [work["token"]]}).json()
    assert beat == {work["token"]: {"secondsLeft": 600}}
    body = body_for(work)
    submitted = send(client, "post", f"{where}/submit", body).json()
    assert set(submitted) == {"clientUuid", "status", "openUntil"}
    refused = send(client, "post", f"{where}/submit", body_for(work))
    assert refused.json()["details"]["client_uuid"] == body["client_uuid"]  # refusals never changed
    read = client.get(f"/api/work/ratings/{body['client_uuid']}").json()
    assert read["work"]["draftNumber"] == 0
    assert read["rating"]["clientUuid"] == body["client_uuid"]
    assert set(read["rating"]["scores"]["1"]) == {"if", "vq"}


def test_what_an_open_page_cannot_go_on_with_asks_for_a_reload(client, campaign):
    for method, where in (("post", "next"), ("get", "session")):
        answer = send(client, method, f"/api/work/campaigns/{campaign.slug}/{where}")
        assert answer.status_code == 410
        assert "Reload it" in answer.json()["message"]
    assert not Lease.objects.exists()


def test_a_program_is_told_where_to_ask_now_and_gets_no_other_answer(campaign):
    program = Client(enforce_csrf_checks=True)
    for method, rest in (("get", "campaigns/"), ("post", "campaigns/a/datasets/")):
        answer = send(program, method, f"/api/{rest}")
        assert answer.status_code == 410
        assert answer.json()["message"] == f"The API has moved. Ask at /api/v1/{rest} instead."
    assert program.get("/api/v1/nowhere/").status_code == 404
    assert program.get("/api/").headers["Location"] == "/api/v1/"


def test_neither_a_token_nor_a_foreign_page_writes_at_the_earlier_addresses(client, campaign, ann):
    work = next_work(client, campaign)
    where = f"{AT_EARLIER}{work['token']}/submit"
    add_member(actor=None, campaign=campaign, user=ann, role=Role.RESEARCHER)
    text = create_token(user=ann, days=7).text
    by_token = Client(headers={"authorization": f"Token {text}"})
    assert send(by_token, "post", where, body_for(work)).status_code == 403
    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(ann)
    assert send(guarded, "post", where, body_for(work)).status_code == 403
    other = client.post(
        where, body_for(work), content_type="application/json", headers={"X-Person": "nobody"}
    )
    assert other.status_code == 401
    assert not Rating.objects.exists()
