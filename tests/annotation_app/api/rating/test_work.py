from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from annotation_app.enums import CampaignState, MembershipStatus
from annotation_app.models import Campaign, Flag, Lease, Membership, Rating, RatingRevision
from annotation_app.selectors.queue.leases import find_stray_lease
from tests.factories.world import make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    return make_campaign(6, k=3, base=2, overlap=2)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


@pytest.fixture
def client(ann):
    return signed_in(ann)


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def send(client, method, url, body=None):
    return getattr(client, method)(url, body or {}, content_type="application/json")


def next_work(client, campaign):
    answer = send(client, "post", f"/api/v1/work/campaigns/{campaign.slug}/next")
    assert answer.status_code == 200, answer.content
    return answer.json()


def body_for(work, level=3, **changes):
    scores = [
        {"position": position, "dimension": dimension, "level": level}
        for position in range(1, len(work["candidates"]) + 1)
        for dimension in ("if", "vq")
    ]
    return {"client_uuid": str(uuid4()), "scores": scores, "seconds": 12.5} | changes


def test_the_next_task_tells_positions_and_never_ids(client, campaign):
    work = next_work(client, campaign)
    assert len(work["candidates"]) == 3
    assert work["source"]["url"] == f"/work/{work['token']}/image/0"
    assert work["candidates"][2]["url"] == f"/work/{work['token']}/image/3"
    assert set(work["candidates"][0]) == {"url", "width", "height", "alpha"}
    assert [d["key"] for d in work["rubric"]] == ["if", "vq"]
    assert 590 <= work["seconds_left"] <= 600


def test_a_submit_is_created_once_and_answers_the_same_again(client, campaign):
    work = next_work(client, campaign)
    url, body = f"/api/v1/work/leases/{work['token']}/submit", body_for(work)
    first, again = send(client, "post", url, body), send(client, "post", url, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Rating.objects.count() == 1


def test_a_second_window_hears_what_stands(client, campaign):
    work = next_work(client, campaign)
    url = f"/api/v1/work/leases/{work['token']}/submit"
    body = body_for(work)
    send(client, "post", url, body)
    refused = send(client, "post", url, body_for(work, level=1))
    assert refused.status_code == 409
    assert refused.json()["details"]["client_uuid"] == body["client_uuid"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"scores": []}, "6 of 6 scores are missing"),
        ({"scores": [{"position": 9, "dimension": "if", "level": 1}]}, "does not show"),
        ({"seconds": -1}, "time"),
    ],
)
def test_a_broken_judgement_is_refused_with_a_clear_message(client, campaign, changes, message):
    work = next_work(client, campaign)
    refused = send(
        client, "post", f"/api/v1/work/leases/{work['token']}/submit", body_for(work, **changes)
    )
    assert refused.status_code == 400
    assert message in refused.json()["message"]
    assert not Rating.objects.exists()


def test_drafts_heartbeats_flags_skips_and_releases(client, campaign):
    first, second, third = (next_work(client, campaign) for _ in range(3))
    url = f"/api/v1/work/leases/{first['token']}"
    kept = send(client, "put", f"{url}/draft", {"draft": {"scores": {}}, "number": 4})
    assert kept.json() == {"number": 4}
    tokens = {"tokens": [first["token"], second["token"]]}
    beat = send(client, "post", "/api/v1/work/heartbeat", tokens).json()
    assert beat[first["token"]] == {"seconds_left": 600}
    flagged = send(client, "post", f"{url}/flag", {"kind": "unsafe", "note": "look"})
    assert flagged.status_code == 201
    assert Flag.objects.get().note == "look"
    assert send(client, "post", f"{url}/flag", {"kind": "ugly"}).status_code == 400
    skipped = send(
        client, "post", f"/api/v1/work/leases/{second['token']}/skip", {"reason": "unclear"}
    )
    assert skipped.json() == {"outcome": "skipped"}
    released = send(client, "post", f"/api/v1/work/leases/{third['token']}/release")
    assert released.json() == {"outcome": "released"}
    beat = send(client, "post", "/api/v1/work/heartbeat", tokens).json()
    assert beat[second["token"]]["ended"] == "skipped"


def test_an_open_rating_is_read_and_changed_by_its_author_alone(client, campaign):
    work = next_work(client, campaign)
    body = body_for(work, note="first")
    send(client, "post", f"/api/v1/work/leases/{work['token']}/submit", body)
    url = f"/api/v1/work/ratings/{body['client_uuid']}"
    read = client.get(url).json()
    assert read["rating"]["scores"]["1"] == {"if": 3, "vq": 3}
    assert read["rating"]["note"] == "first"
    assert read["work"]["token"] == work["token"]
    change = body_for(work, level=1, undo=True)
    changed = send(client, "put", url, change).json()
    assert changed["scores"]["2"] == {"if": 1, "vq": 1}
    assert RatingRevision.objects.order_by("number").last().cause == "undo"
    stranger = signed_in(make_annotators(campaign, 1)[0])
    assert stranger.get(url).status_code == 404
    assert send(stranger, "put", url, change).status_code == 404


LEASE_DOORS = [
    ("put", "draft", {"draft": {}, "number": 1}),
    ("post", "submit", None),
    ("post", "skip", {"reason": "x"}),
    ("post", "release", None),
    ("post", "flag", {"kind": "unsafe"}),
]


@pytest.mark.parametrize(("method", "door", "body"), LEASE_DOORS)
def test_denies_the_leases_of_others(client, campaign, method, door, body):
    work = next_work(client, campaign)
    url = f"/api/v1/work/leases/{work['token']}/{door}"
    body = body or body_for(work)
    for other in (
        make_annotators(campaign, 1)[0],
        make_user(),
        make_user(superuser=True),
    ):
        assert send(signed_in(other), method, url, body).status_code == 404
    assert send(Client(), method, url, body).status_code in {401, 403}
    assert not Rating.objects.exists()
    assert Lease.objects.get().ended_at is None


def test_denies_work_to_outsiders_paused_members_and_paused_campaigns(client, campaign, ann):
    url = f"/api/v1/work/campaigns/{campaign.slug}/next"
    assert send(signed_in(make_user()), "post", url).status_code == 404
    Membership.objects.filter(user=ann).update(status=MembershipStatus.PAUSED)
    assert send(client, "post", url).status_code == 403
    Membership.objects.filter(user=ann).update(status=MembershipStatus.ACTIVE)
    Campaign.objects.update(state=CampaignState.PAUSED)
    assert send(client, "post", url).status_code == 403


def test_writes_need_the_csrf_token(campaign, ann):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ann)
    refused = send(client, "post", f"/api/v1/work/campaigns/{campaign.slug}/next")
    assert refused.status_code == 403


def test_when_nothing_is_left_the_answer_says_so(campaign, client):
    for _ in range(4):
        work = next_work(client, campaign)
        send(client, "post", f"/api/v1/work/leases/{work['token']}/submit", body_for(work))
    for _ in range(2):
        next_work(client, campaign)
    empty = send(client, "post", f"/api/v1/work/campaigns/{campaign.slug}/next")
    assert empty.status_code == 404
    assert "There are no more items" in empty.json()["message"]


def test_a_lease_whose_answer_was_lost_is_handed_out_again(campaign, client):
    url = f"/api/v1/work/campaigns/{campaign.slug}/next"
    works = [next_work(client, campaign) for _ in range(4)]
    tokens = [work["token"] for work in works]
    assert send(client, "post", url, {"holding": tokens}).status_code == 409
    again = send(client, "post", url, {"holding": [*tokens[:2], tokens[3]]})
    assert again.status_code == 200
    assert again.json()["token"] == tokens[2]
    assert Lease.objects.count() == 4


def test_only_a_running_lease_counts_as_lost(campaign, client, ann):
    next_work(client, campaign)
    lease = Lease.objects.get()
    for late, found in ((False, lease), (True, None)):
        now = lease.expires_at + timedelta(seconds=1 if late else -1)
        stray = find_stray_lease(annotator=ann, campaign=campaign, known=[], now=now)
        assert stray == found


def test_the_session_counts_today(client, campaign):
    work = next_work(client, campaign)
    send(client, "post", f"/api/v1/work/leases/{work['token']}/submit", body_for(work))
    session = client.get(f"/api/v1/work/campaigns/{campaign.slug}/session").json()
    assert session == {
        "done_today": 1,
        "target": 120,
        "median_seconds": 12,
        "campaign_percent": 8,  # 1 of 12 slots; only 12 of 12 would be 100
    }


def test_keys_are_stored_and_checked(client, ann):
    changed = send(client, "put", "/api/v1/work/keymap", {"keys": {"undo": "z"}})
    assert changed.json()["keys"]["undo"] == "z"
    ann.refresh_from_db()
    assert ann.keymap == {"undo": "z"}
    for keys, message in [
        ({"undo": "x"}, "cannot be used for both"),
        ({"fly": "q"}, "no action"),
        ({"undo": "Escape"}, "must be"),
        ({"undo": "<script>"}, "must be"),
    ]:
        refused = send(client, "put", "/api/v1/work/keymap", {"keys": keys})
        assert refused.status_code == 400
        assert message in refused.json()["message"]
    assert client.get("/api/v1/work/keymap").json()["keys"]["undo"] == "z"


@pytest.mark.parametrize(
    "changes",
    [
        {"client_uuid": "no"},
        {"seconds": "12"},
        {"scores": "all"},
        {"scores": [3]},
        {"scores": [{"position": True, "dimension": "if", "level": 1}]},
        {"scores": [{"position": 1, "dimension": "if", "level": "4"}]},
        {"scores": [{"position": 1, "level": 4}]},
        {"aids": []},
        {"note": 5},
    ],
)
def test_values_of_the_wrong_kind_are_refused(client, campaign, changes):
    work = next_work(client, campaign)
    url = f"/api/v1/work/leases/{work['token']}/submit"
    assert send(client, "post", url, body_for(work, **changes)).status_code == 400
    assert client.post(url, "[]", content_type="application/json").status_code == 400
    assert not Rating.objects.exists()
