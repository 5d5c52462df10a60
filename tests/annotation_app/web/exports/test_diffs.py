"""What a version has that another has not."""

import json

import pytest
from django.urls import reverse

from annotation_app.models import Adjudication, Item
from annotation_app.selectors.snapshots.diffs import Change, item_changes
from tests.annotation_app.web.exports.test_versions import withdraw

pytestmark = pytest.mark.django_db(transaction=True)


def diff(client, old, new, **query):
    where = reverse("dataset-diff", args=[old.campaign.slug, old.number, new.number])
    return client.get(where, query)


def as_json(client, old, new):
    return json.loads(b"".join(diff(client, old, new, format="json").streaming_content))


def decide_equal(item, reviewer):
    """Let a reviewer give every candidate of an item the same level."""
    row = item.campaign_items.get()
    for drawn in row.drawn.all():
        for dimension in row.campaign.rubric.dimensions.all():
            Adjudication.objects.create(
                campaign_item=row,
                candidate=drawn.candidate,
                dimension=dimension,
                level=2,
                reviewer=reviewer,
            )


def test_a_version_differs_from_itself_in_nothing(signed, build):
    version = build()
    found = as_json(signed, version, version)
    assert found["items"] == []
    assert found["counts"] == {
        "added": 0, "changed": 0, "withdrawn": 0, "dropped": 0, "same": 3
    }  # fmt: skip
    assert all(row["change"] == 0 for row in found["pairs"])
    assert found["options"] == []


def test_each_way_to_differ_is_named_with_its_fields(signed, build, researcher):
    old = build()
    one, two, three = Item.objects.order_by("pk")
    withdraw(one)
    Item.objects.filter(pk=two.pk).update(instruction="Something else.", licence="CC0-1.0")
    decide_equal(three, reviewer=researcher)
    new = build(item_weights=True)
    found = as_json(signed, old, new)
    assert {row["item_id"]: (row["change"], row["fields"]) for row in found["items"]} == {
        one.external_id: ("withdrawn", []),
        two.external_id: ("changed", ["instruction", "licence"]),
        three.external_id: ("changed", ["scores"]),
    }
    assert [row["name"] for row in found["options"]] == ["item_weights"]
    pairs = {row["name"]: (row["before"], row["after"], row["change"]) for row in found["pairs"]}
    assert pairs["possible"] == (3, 2, -1)
    assert pairs["strict"] == (3, 1, -2)
    assert pairs["identical"] == (0, 1, 1)
    back = as_json(signed, new, old)
    assert back["counts"]["added"] == 1
    page = diff(signed, old, new).content.decode()
    assert one.external_id in page
    assert "Withdrawn items" in page


def test_an_item_whose_ratings_no_longer_count_is_dropped_not_withdrawn(signed, build, campaign):
    old = build()
    item = Item.objects.order_by("pk")[1]
    item.campaign_items.get().ratings.update(status="released")
    found = as_json(signed, old, build())
    assert [(row["item_id"], row["change"]) for row in found["items"]] == [
        (item.external_id, "dropped")
    ]


def test_windows_of_any_size_see_every_item_once(build, monkeypatch):
    old = build()
    withdraw(Item.objects.order_by("pk")[1])
    new = build()
    whole = list(item_changes(old.snapshot, new.snapshot))
    monkeypatch.setattr("annotation_app.selectors.snapshots.diffs.ITEMS_AT_ONCE", 1)
    assert list(item_changes(old.snapshot, new.snapshot)) == whole
    assert [one.change for one in whole] == [Change.SAME, Change.WITHDRAWN, Change.SAME]


def test_the_form_of_the_list_leads_to_the_difference(signed, build):
    first, second = build(), build()
    where = reverse("dataset-compare", args=[first.campaign.slug])
    answer = signed.get(where, {"from": "1", "to": "2"})
    assert answer["Location"] == reverse("dataset-diff", args=[first.campaign.slug, 1, 2])
    for wrong in ({}, {"from": "1", "to": "x"}, {"from": "-1", "to": "9" * 30}):
        assert signed.get(where, wrong).status_code == 302
    assert second.number == 2
