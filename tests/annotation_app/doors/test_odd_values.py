"""Every address with odd values in its path, query and body: a clear answer, never a crash."""

import json
from urllib.parse import quote

import pytest

from tests.annotation_app.doors.test_doors import BODIES, DOORS, address

ODD_TEXTS = (
    "\x00",
    "a" * 5000,
    "..",
    "../../etc/passwd",
    "%",
    "'",
    "<b>",
    "甲\n乙",
    "\u202e",
    "=1+1",
)
ODD_NUMBERS = ("0", "-1", str(2**31), str(2**63), "9" * 40, "1.5", "x", "٣")
QUERIES = (
    "page", "page_size", "cursor", "q", "category", "dimension", "item", "annotator", "after",
    "before", "next", "format", "lang",
)  # fmt: skip
DEEP = "[" * 3000 + "]" * 3000
ODD_JSON = (
    "", "null", "0", '"x"', "[]", "{", '{"a": NaN}', "\x00", DEEP, '{"draft": ' + DEEP + "}",
    '{"keys": {"level-1": null}}', '{"keys": {"level-1": "\\u0000"}}', '{"keys": [1]}',
    '{"tokens": ["x"]}', '{"tokens": null}', '{"reason": "\\u0000"}', '{"reason": "\\ud800"}',
    '{"kind": "broken", "note": "\\u0000"}', '{"kind": "broken", "note": "\\ud800"}',
    '{"kind": []}', '{"draft": {"a": "\\u0000"}, "number": 2}',
    '{"draft": {"a": "\\ud800"}, "number": 3}', '{"draft": {"a": NaN}, "number": 4}',
    '{"draft": {"a": 1e999}, "number": 5}', '{"draft": {}, "number": 99999999999999999999}',
)  # fmt: skip


@pytest.mark.parametrize("name", sorted(DOORS))
def test_odd_values_in_an_address_are_answered(name, scene, client):
    client.force_login(scene.people["superuser"])
    client.raise_request_exception = False
    door = DOORS[name]
    plain = address(door, scene.names)
    crashes = []
    for part in door.pattern.converters:
        right = address(door, {**scene.names, part: scene.names.get(part, "")})
        value = _shown(part, door.name, scene.names)
        for odd in (*ODD_TEXTS, *ODD_NUMBERS):
            where = right.replace(f"/{value}", f"/{quote(odd, safe='')}", 1)
            crashes += _crash(client.get(where), where)
            crashes += _crash(client.post(where), where)
    for key in QUERIES:
        for odd in (*ODD_TEXTS, *ODD_NUMBERS):
            where = f"{plain}?{key}={quote(odd, safe='')}"
            crashes += _crash(client.get(where), where)
    assert crashes == []


def _shown(part, door_name, names):
    value = names.get(part)
    if part == "token":
        return names["image"] if door_name.startswith("image") else names["lease"]
    if part == "public_id":
        return names["report"] if door_name == "agreement-report" else names["job"]
    if part == "slug" and door_name.startswith("collection"):
        return names["collection"]
    return value


@pytest.mark.parametrize("name", sorted(name for name in DOORS if name.startswith("work-")))
def test_odd_bodies_are_answered(name, scene, client):
    client.force_login(scene.people["annotator"])
    client.raise_request_exception = False
    where = address(DOORS[name], scene.names)
    method = BODIES.get(name, ("put", {}))[0]
    crashes = []
    for body in (*ODD_JSON, *_odd_judgements()):
        answer = getattr(client, method)(where, body, content_type="application/json")
        crashes += _crash(answer, body[:90])
    assert crashes == []


def _odd_judgements():
    whole = {
        "client_uuid": "7b1c9a1e-0000-4000-8000-000000000001",
        "scores": [
            {"position": position, "dimension": key, "level": 3}
            for position in (1, 2)
            for key in ("if", "vq")
        ],
        "seconds": 3,
        "aids": {},
        "note": "",
    }
    changes = (
        {"seconds": float("nan")}, {"seconds": float("inf")}, {"seconds": "1e400"},
        {"note": "\x00"}, {"note": "\ud800"}, {"aids": {"a": "\x00"}}, {"aids": {"a": "\ud800"}},
        {"aids": {"a": float("nan")}}, {"aids": []}, {"aids": {"a": "b" * 3_000_000}},
        {"client_uuid": "x"}, {"client_uuid": 10**50}, {"scores": {}}, {"scores": [1]},
        {"scores": [{"position": 10**30, "dimension": "if", "level": 1}]},
        {"scores": [{"position": 1, "dimension": "\x00", "level": 1}]},
        {"scores": [{"position": 1, "dimension": "if", "level": 10**30}]},
        {"scores": [{"position": 1, "dimension": "if", "level": True}]},
        {"scores": [{"position": 1, "dimension": "if", "missing_reason": "\x00"}]},
    )  # fmt: skip
    return [json.dumps(whole | change) for change in changes]


def _crash(answer, what):
    if answer.streaming:
        answer.close()
    return [f"{answer.status_code} {what}"] if answer.status_code >= 500 else []
