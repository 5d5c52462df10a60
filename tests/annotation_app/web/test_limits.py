"""Requests that would take more than their share: refused before anything of them is read."""

import base64
import io
import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.handlers.wsgi import WSGIRequest
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken
from typing_extensions import override

from annotation_app.enums import Role
from annotation_app.models import DatasetVersion, GoldItem
from annotation_app.services.people.members import add_member
from annotation_app.web.middleware import LimitBodyMiddleware, RefuseNulMiddleware
from annotation_app.web.serving.limits import ASKS
from tests.factories.gold import make_gold
from tests.factories.world import make_campaign, make_user

pytestmark = pytest.mark.django_db
DIGITS = "9" * 5000  # more than Python agrees to read


class UnreadStream(io.RawIOBase):
    """A body that nobody may touch."""

    @override
    def read(self, size=-1):
        raise AssertionError("the body was read")


def asked(path, length, user, kind="multipart/form-data; boundary=x", **headers):
    """What the two doors of a body say to a request, and whether the view was reached."""
    request = WSGIRequest(
        {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(length),
            "CONTENT_TYPE": kind,
            "wsgi.input": UnreadStream(),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            **headers,
        }
    )
    request.user = user
    reached = []

    def view(_request):
        reached.append(True)
        return Client().get("/nowhere/")

    answer = LimitBodyMiddleware(RefuseNulMiddleware(view))(request)
    return answer.status_code, bool(reached)


@pytest.fixture
def campaign():
    return make_campaign(3, k=2)


@pytest.fixture
def admin(campaign):
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=Role.ADMIN)
    return person


@pytest.mark.parametrize(
    ("path", "length", "status"),
    [
        ("/api/v1/campaigns/a/datasets/", 3_000_000, 413),
        ("/nowhere/", 3_000_000, 413),
        ("/campaigns/a/setup/", DIGITS, 413),
        ("/campaigns/a/benchmarks/1/predictions/", 70 << 20, 413),
        ("/api/v1/campaigns/a/benchmarks/1/judges/", 70 << 20, 413),
        ("/campaigns/a/guidelines/images/", 12 << 20, 413),
        ("/collections/a/import/", 5 << 30, 413),
    ],
)
def test_a_body_is_refused_by_its_length_before_it_is_read(path, length, status):
    assert asked(path, length, make_user()) == (status, False)


def test_large_files_pass_at_their_own_doors_unread_and_from_people_alone():
    from_person = asked("/collections/a/import/", 1 << 30, make_user())
    assert from_person[1]
    stranger = AnonymousUser()
    assert asked("/collections/a/import/", 1 << 30, stranger) == (403, False)
    where = "/api/v1/campaigns/a/benchmarks/1/judges/"
    assert asked(where, 50 << 20, stranger) == (403, False)
    claimed = asked(where, 50 << 20, stranger, HTTP_AUTHORIZATION="Token abc")
    garbled = asked(where, 50 << 20, stranger, HTTP_AUTHORIZATION="Token \xff")
    assert [claimed, garbled] == [(403, False)] * 2
    _row, token = AuthToken.objects.create(user=make_user())
    assert asked(where, 50 << 20, stranger, HTTP_AUTHORIZATION=f"Token {token}")[1]


def test_the_server_is_told_by_the_head_alone_whether_a_long_body_may_come():
    head = {ASKS: True}
    assert asked("/collections/a/import/", 1 << 30, make_user(), **head) == (204, False)
    assert asked("/collections/a/import/", 1 << 30, AnonymousUser(), **head) == (403, False)
    assert asked("/nowhere/", 3_000_000, make_user(), **head) == (413, False)


def test_a_refusal_of_the_api_is_json(client, admin):
    client.force_login(admin)
    answer = client.post(
        "/api/v1/campaigns/a/datasets/", "x" * 3_000_000, content_type="application/json"
    )
    assert answer.status_code == 413
    assert "at most 2,621,440 bytes" in answer.json()["message"]


@pytest.mark.parametrize("band", ["1e40000000", "1e4000", DIGITS, 5, ["1"], {"a": 1}, None])
def test_a_band_by_the_api_is_refused_as_on_the_page(client, campaign, admin, band):
    client.force_login(admin)
    where = f"/api/v1/campaigns/{campaign.slug}/datasets/"
    answer = client.post(where, {"tie_band": band}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert not DatasetVersion.objects.exists()


def test_numbers_of_thousands_of_digits_are_refused_and_never_an_error(client, campaign, admin):
    [gold] = make_gold(campaign, 1)
    client.force_login(admin)
    where = reverse("gold-edit", args=[campaign.slug, gold.campaign_item.item_id])
    page = client.get(where)
    names = [cell.name for row in page.context["sheet"].rows for cell in row.cells]
    levels = dict.fromkeys(names, "2")
    for bad in (dict.fromkeys(names, DIGITS), levels | {"tolerance": DIGITS}):
        before = GoldItem.objects.get(pk=gold.pk).tolerance
        answer = client.post(where, bad)
        assert answer.status_code == 400
        assert GoldItem.objects.get(pk=gold.pk).tolerance == before
    for name, query in (
        ("thread-inbox", "page"),
        ("disagreements", "least"),
        ("disagreements", "after"),
        ("disagreements", "value"),
    ):
        for text in (DIGITS, "9" * 400, f"1e300_{DIGITS}"):
            answer = client.get(reverse(name, args=[campaign.slug]), {query: text})
            assert answer.status_code in {200, 404}


def test_a_cursor_of_the_api_is_a_number(campaign, admin):
    _token, key = AuthToken.objects.create(user=admin)
    program = Client(headers={"Authorization": f"Token {key}"})
    for position in ("x", DIGITS, "9" * 30, "1e9", "-1"):
        encoded = base64.b64encode(f"p={position}".encode()).decode()
        where = f"/api/v1/campaigns/{campaign.slug}/scores/"
        answer = program.get(where, {"cursor": encoded})
        assert answer.status_code == 404, position
        assert json.loads(answer.content)
