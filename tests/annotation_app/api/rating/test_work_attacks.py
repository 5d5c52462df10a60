"""Odd requests, shared browsers and greedy clients at the workbench's endpoints."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from annotation_app.enums import CampaignState, LeaseOutcome, MembershipStatus
from annotation_app.models import Campaign, Lease, Membership, Rating, RatingRevision, Task
from tests.annotation_app.api.rating.test_work import body_for, next_work, send, signed_in
from tests.factories.world import make_annotators, make_campaign

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


def test_a_page_of_somebody_else_is_refused_at_every_door(client, campaign, ann):
    work = next_work(client, campaign)
    lease = f"/api/v1/work/leases/{work['token']}"
    doors = [
        ("post", f"/api/v1/work/campaigns/{campaign.slug}/next", {}),
        ("get", f"/api/v1/work/campaigns/{campaign.slug}/session", None),
        ("post", "/api/v1/work/heartbeat", {"tokens": [work["token"]]}),
        ("put", f"{lease}/draft", {"draft": {"a": 1}, "number": 1}),
        ("post", f"{lease}/submit", body_for(work)),
        ("post", f"{lease}/skip", {"reason": "x"}),
        ("post", f"{lease}/release", {}),
        ("post", f"{lease}/flag", {"kind": "unsafe"}),
        ("get", f"/api/v1/work/ratings/{uuid4()}", None),
        ("get", "/api/v1/work/keymap", None),
    ]
    for method, url, body in doors:
        asked = {"data": body, "content_type": "application/json"} if body is not None else {}
        for page, allowed in (("nobody", False), (ann.pseudonym, True)):
            if allowed and method != "get":
                continue
            answer = getattr(client, method)(url, headers={"X-Person": page}, **asked)
            assert (answer.status_code == 401) is not allowed, url
            if not allowed:
                assert "Someone else" in answer.json()["message"]
    held = Lease.objects.get()
    assert (held.draft, held.ended_at) == ({}, None)
    assert not Rating.objects.exists()


def test_every_answer_of_the_workbench_forbids_caches_to_keep_it(client, campaign):
    work = next_work(client, campaign)
    pages = [
        client.get(f"/campaigns/{campaign.slug}/work/"),
        client.get(f"/campaigns/{campaign.slug}/history/"),
        client.get(f"/api/v1/work/campaigns/{campaign.slug}/session"),
        send(client, "post", f"/api/v1/work/campaigns/{campaign.slug}/next"),
        send(client, "post", f"/api/v1/work/leases/{work['token']}/submit", body_for(work)),
    ]
    for answer in pages:
        assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    image = client.get(work["source"]["url"])
    assert "private" in image["Cache-Control"]
    assert "Cookie" in image["Vary"]
    assert b"".join(image.streaming_content).startswith(b"RIFF")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"seconds": 10**400}, 400),
        ({"aids": {"1": {"x" * 20_000: 1}}}, 400),
        ({"note": "x" * 3_000_000}, 413),
        ({"note": "x" * 2001}, 400),
        ({"scores": [{"position": 1, "dimension": "if", "level": 10**300}] * 6}, 400),
    ],
)
def test_oversized_values_are_refused_and_nothing_is_stored(client, campaign, changes, code):
    work = next_work(client, campaign)
    url = f"/api/v1/work/leases/{work['token']}/submit"
    assert send(client, "post", url, body_for(work, **changes)).status_code == code
    assert not Rating.objects.exists()


@pytest.mark.parametrize(
    "said", ["NaN", "Infinity", "1e999", "[" * 100_000, '"\\ud800"', '"\\u0000"']
)
def test_json_that_cannot_be_stored_is_refused(client, campaign, said):
    work = next_work(client, campaign)
    body = json.dumps(body_for(work)).replace("12.5", said)
    url = f"/api/v1/work/leases/{work['token']}"
    assert client.post(f"{url}/submit", body, content_type="application/json").status_code == 400
    draft = f'{{"number": 1, "draft": {{"a": {said}}}}}'
    assert client.put(f"{url}/draft", draft, content_type="application/json").status_code == 400
    assert not Rating.objects.exists()
    assert Lease.objects.get().draft == {}


def test_one_bad_token_does_not_keep_the_others_from_being_renewed(client, campaign):
    work = next_work(client, campaign)
    theirs = next_work(signed_in(make_annotators(campaign, 1)[0]), campaign)
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=30))
    unknown = str(uuid4())
    tokens = [theirs["token"], unknown, work["token"]]
    answers = send(client, "post", "/api/v1/work/heartbeat", {"tokens": tokens}).json()
    assert answers[work["token"]] == {"seconds_left": 600}
    assert answers[theirs["token"]] == answers[unknown]
    assert answers[unknown]["ended"] == "unknown"
    assert Lease.objects.get(token=theirs["token"]).expires_at < timezone.now() + timedelta(
        minutes=1
    )


@pytest.mark.parametrize("by", ["member", "campaign"])
def test_a_pause_lets_leases_run_out_and_what_is_in_hand_be_finished(client, campaign, ann, by):
    work = next_work(client, campaign)
    if by == "member":
        Membership.objects.filter(user=ann).update(status=MembershipStatus.PAUSED)
    else:
        Campaign.objects.update(state=CampaignState.PAUSED)
    Lease.objects.update(expires_at=timezone.now() + timedelta(seconds=30))
    answers = send(client, "post", "/api/v1/work/heartbeat", {"tokens": [work["token"]]}).json()
    assert answers[work["token"]]["seconds_left"] <= 30
    url = f"/api/v1/work/leases/{work['token']}/submit"
    assert send(client, "post", url, body_for(work)).json()["status"] == "active"


def test_a_removed_member_reads_and_changes_nothing_any_more(client, campaign, ann):
    work = next_work(client, campaign)
    body = body_for(work)
    send(client, "post", f"/api/v1/work/leases/{work['token']}/submit", body)
    Membership.objects.filter(user=ann).update(status=MembershipStatus.LEFT)
    url = f"/api/v1/work/ratings/{body['client_uuid']}"
    assert client.get(url).status_code == 404
    assert send(client, "put", url, body_for(work, level=1)).status_code == 404
    assert client.get(work["source"]["url"]).status_code == 404
    assert RatingRevision.objects.count() == 1


def test_going_to_another_campaign_gives_back_what_was_only_fetched_ahead(client, campaign, ann):
    other = make_campaign(3, k=3)
    Membership.objects.create(campaign=other, user=ann, role="annotator")
    works = [next_work(client, campaign) for _ in range(4)]
    begun = {"draft": {"scores": {"1": {"if": 3}}}, "number": 1}
    send(client, "put", f"/api/v1/work/leases/{works[0]['token']}/draft", begun)
    for _ in range(3):
        next_work(client, other)
    full = send(client, "post", f"/api/v1/work/campaigns/{other.slug}/next", {})
    assert full.status_code in {404, 409}  # three items there, and the one begun stays in hand
    assert Lease.objects.filter(ended_at=None).count() == 4
    kept = Lease.objects.get(task__campaign=campaign, ended_at=None)
    assert str(kept.token) == works[0]["token"]
    given = Lease.objects.filter(outcome=LeaseOutcome.RELEASED)
    assert given.count() == 3
    assert set(Task.objects.filter(leases__in=given).values_list("state", flat=True)) == {"open"}
    # and what a forgotten window still submits counts
    late = f"/api/v1/work/leases/{works[3]['token']}/submit"
    assert send(client, "post", late, body_for(works[3])).json()["status"] == "active"


def test_items_in_hand_count_towards_the_days_cap(client, campaign, ann):
    Membership.objects.filter(user=ann).update(daily_cap=2)
    work = next_work(client, campaign)
    next_work(client, campaign)
    url = f"/api/v1/work/campaigns/{campaign.slug}/next"
    refused = send(client, "post", url)
    assert refused.status_code == 404
    assert "cap" in refused.json()["message"]
    send(client, "post", f"/api/v1/work/leases/{work['token']}/submit", body_for(work))
    assert send(client, "post", url).status_code == 404


def test_a_rating_that_is_read_to_be_changed_brings_its_aids(client, campaign):
    work = next_work(client, campaign)
    body = body_for(work, aids={"1": {"source": 2}})
    send(client, "post", f"/api/v1/work/leases/{work['token']}/submit", body)
    read = client.get(f"/api/v1/work/ratings/{body['client_uuid']}").json()
    assert read["rating"]["aids"] == {"1": {"source": 2}}


def test_the_page_knows_the_last_submit_while_it_is_open_and_no_longer(client, campaign):
    def last():
        return client.get(f"/campaigns/{campaign.slug}/work/").context["page_data"]["last"]

    assert last() is None
    work = next_work(client, campaign)
    body = body_for(work)
    send(client, "post", f"/api/v1/work/leases/{work['token']}/submit", body)
    assert last() == body["client_uuid"]
    Rating.objects.update(open_until=timezone.now())
    assert last() is None


def test_other_methods_than_the_doors_own_do_nothing(client, campaign):
    work = next_work(client, campaign)
    url = f"/api/v1/work/leases/{work['token']}"
    for door in ("submit", "skip", "release", "flag"):
        for method in ("get", "put", "patch", "delete"):
            assert send(client, method, f"{url}/{door}").status_code == 405
    tricky = client.post(
        f"{url}/draft",
        {},
        content_type="application/json",
        headers={"X-HTTP-Method-Override": "PUT"},
    )
    assert tricky.status_code == 405
    assert Client().get(f"{url}/draft").status_code in {401, 403, 405}
    assert Lease.objects.get().ended_at is None


def test_pictures_go_with_the_item_that_is_given_back(client, campaign):
    for door, body in (("skip", {"reason": "no"}), ("release", {})):
        work = next_work(client, campaign)
        picture = client.get(work["source"]["url"])
        assert b"".join(picture.streaming_content).startswith(b"RIFF")
        send(client, "post", f"/api/v1/work/leases/{work['token']}/{door}", body)
        assert client.get(work["source"]["url"]).status_code == 404
