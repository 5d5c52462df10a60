"""Every answer of the API has the shape that the API's own document gives it."""

import re
from functools import cache
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker

from annotation_app.enums import Role
from annotation_app.models import Item, User
from annotation_app.services.exports.options import ExportOptions
from tests.annotation_app.access_matrix.blind_scene import make_blind_scene
from tests.annotation_app.access_matrix.cast import Part
from tests.annotation_app.api.rating.test_work import body_for
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db

FILES = ("archive.tar", "/files/{path}")  # they are bytes, whatever their names


@cache
def document() -> dict[str, Any]:
    """The document, each of whose objects takes exactly the names that it lists."""
    GENERATOR_STATS.reset()
    schema: dict[str, Any] = SchemaGenerator().get_schema(public=True)
    assert not GENERATOR_STATS, "drf-spectacular could not tell a shape"
    for shape in schema["components"]["schemas"].values():
        if "properties" in shape:
            shape.setdefault("additionalProperties", False)
    return schema


def operations() -> set[tuple[str, str]]:
    return {
        (method, path)
        for path, methods in document()["paths"].items()
        for method in methods
        if not path.endswith(FILES)
    }


class Asker:
    """A client that holds each answer against the document, and remembers what it has asked."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.asked: set[tuple[str, str]] = set()

    def ask(self, method: str, where: str, body: object = None, **options: Any) -> Any:
        sent = {"data": body, "content_type": "application/json"} if body is not None else {}
        answer = getattr(self.client, method)(where, **(sent | options))
        path = "/" + re.sub(r"<\w+:(\w+)>", r"{\1}", resolve(where).route)
        shapes = document()["paths"][path][method]["responses"]
        assert str(answer.status_code) in shapes, (path, answer.content)
        shape = shapes[str(answer.status_code)]["content"]["application/json"]["schema"]
        rules = {**shape, "components": document()["components"]}
        Draft202012Validator(rules, format_checker=FormatChecker()).validate(answer.json())
        self.asked.add((method, path))
        return answer.json()


def test_what_researchers_programs_are_answered():
    scene = make_blind_scene([Part((Role.ADMIN,))])
    asker = Asker(scene.people[0].user)
    at = f"/api/v1/campaigns/{scene.here.slug}/"
    assert asker.ask("get", "/api/v1/campaigns/")["results"]
    asker.ask("get", at)
    for listed in ("scores", "datasets", "benchmarks", "models", "models/1/predictions"):
        assert asker.ask("get", f"{at}{listed}/")["results"], listed
    assert set(asker.ask("get", f"{at}agreement/")["strata"]["pooled"]) == {"if", "vq", "overall"}
    asker.ask("get", f"{at}datasets/1/")
    asker.ask("post", f"{at}datasets/", {"formats": ["trl"]})
    asker.ask("get", f"{at}benchmarks/1/")
    assert asker.ask("get", f"{at}benchmarks/1/judges/")["judges"]
    assert asker.ask("get", f"{at}generators/")["generators"]
    file = SimpleUploadedFile("mine.csv", b"group_id,candidate,score\nnone,A,1\n")
    job = asker.ask("post", f"{at}benchmarks/1/judges/", data={"name": "mine", "file": file})
    asker.ask("get", f"/api/v1/jobs/{job['public_id']}/")
    Item.objects.filter(pk=scene.names["item_id"]).update(
        withdrawn_at=timezone.now(), withdrawal_reason="its owner asked"
    )
    assert asker.ask("get", f"{at}datasets/1/withdrawn/")["withdrawn"]
    assert asker.asked == {one for one in operations() if "/work/" not in one[1]}


def test_the_document_names_each_option_of_a_dataset_with_its_default():
    shape = document()["components"]["schemas"]["ExportOptions"]["properties"]
    assert {name: option["default"] for name, option in shape.items()} == {
        **vars(ExportOptions()),
        "formats": ["edit_reward_json", "edit_reward_parquet", "training"],
        "leave_out": [],
    }


def test_a_manifest_is_withheld_in_the_shape_that_is_told():
    scene = make_blind_scene([Part((Role.ANNOTATOR, Role.ADMIN))])
    asker = Asker(scene.people[0].user)
    [version] = asker.ask("get", f"/api/v1/campaigns/{scene.here.slug}/datasets/")["results"]
    assert version["withheld"]
    assert version["manifest"] == {}


def test_what_the_workbench_is_answered():
    campaign = make_campaign(6, k=3, base=2, overlap=2)
    asker = Asker(make_annotators(campaign, 1)[0])
    at = f"/api/v1/work/campaigns/{campaign.slug}"
    first, second, third = (asker.ask("post", f"{at}/next", {}) for _ in range(3))
    asker.ask("get", f"{at}/session")
    lease = f"/api/v1/work/leases/{first['token']}"
    asker.ask("put", f"{lease}/draft", {"draft": {"scores": {}}, "number": 1})
    asker.ask("post", f"{lease}/flag", {"kind": "unsafe"})
    body = body_for(first, note="a note")
    body["scores"][0] = {"position": 1, "dimension": "if", "missing_reason": "unsafe"}
    asker.ask("post", f"{lease}/submit", body)
    asker.ask("post", f"{lease}/submit", body)  # the same again: 200 instead of 201
    asker.ask("get", f"/api/v1/work/ratings/{body['client_uuid']}")
    asker.ask("put", f"/api/v1/work/ratings/{body['client_uuid']}", body_for(first))
    asker.ask("get", f"{at}/session")  # with a median by now
    asker.ask("post", f"/api/v1/work/leases/{second['token']}/skip", {"reason": "unclear"})
    asker.ask("post", f"/api/v1/work/leases/{third['token']}/release", {})
    tokens = [first["token"], second["token"], str(uuid4())]
    asker.ask("post", "/api/v1/work/heartbeat", {"tokens": tokens})
    asker.ask("get", "/api/v1/work/keymap")
    asker.ask("put", "/api/v1/work/keymap", {"keys": {"undo": "z"}})
    assert asker.asked == {one for one in operations() if "/work/" in one[1]}
