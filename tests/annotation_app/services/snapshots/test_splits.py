"""Splits in the database: recorded once, followed by newcomers, closed to external sets."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections

from annotation_app.enums import Split
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    Benchmark,
    Candidate,
    Generator,
    ImageOriginal,
    Item,
    SnapshotItem,
)
from annotation_app.selectors.collections.external_sets import external_sets
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.collections.external_sets import (
    add_external_set,
    read_hashes,
    remove_external_set,
)
from annotation_app.services.exports.options import ExportFormat, ExportOptions
from annotation_app.services.exports.versions import request_dataset, run_export_job
from annotation_app.services.snapshots.splits import SplitChoices
from annotation_app.services.snapshots.taking import SnapshotChoices, take_snapshot
from tests.factories.rated import rate_by_rule
from tests.factories.threads import in_threads
from tests.factories.world import make_annotators, make_collection, make_picture

pytestmark = pytest.mark.django_db(transaction=True)
PAIR_FORMATS = (ExportFormat.EDIT_REWARD_JSON, ExportFormat.TRL, ExportFormat.TRAINING)


def quiet(done, total, message):
    pass


def add_item(collection, name, sources):
    """An item of two candidates whose pictures are its own, but for the given ones."""
    number = Item.objects.count() + 1
    pictures = [make_picture((number, place, 200), (6, 4)) for place in range(3)]
    pictures[: len(sources)] = sources
    item = Item.objects.create(
        collection=collection,
        external_id=name,
        instruction=f"Do the thing of {name}.",
        source_image=pictures[0],
    )
    generator = Generator.objects.get_or_create(name="Bagel")[0]
    for place, picture in enumerate(pictures[1:]):
        Candidate.objects.create(
            item=item, external_id=f"{name}-{place}", generator=generator, seed=place, image=picture
        )
    return item


def plan(collection, name):
    campaign = create_campaign(
        actor=None,
        name=name,
        collection=collection,
        design=CampaignDesign(seed=42, candidates_per_item=2, reserved_share=0.0),
    )
    set_overlap_plan(actor=None, campaign=campaign, overlap_share=0.0)
    plan_campaign(campaign=campaign)
    return campaign


def rate_all(campaign):
    """Let somebody new rate every item that nobody has rated."""
    [annotator] = make_annotators(campaign, 1)
    for _ in range(campaign.tasks.filter(state="open").count()):
        rate_by_rule(campaign, annotator, lambda place, key: 4 - place)


def snap(campaign):
    choices = SnapshotChoices(SplitChoices(5))
    return take_snapshot(campaign=campaign, created_by=None, choices=choices, progress=quiet)


def splits():
    return dict(Item.objects.values_list("external_id", "split"))


def splits_in(snapshot):
    rows = SnapshotItem.objects.filter(snapshot=snapshot)
    return dict(rows.values_list("campaign_item__item__external_id", "split"))


@pytest.fixture
def collection():
    """Two released items of different splits, `left` in train and `right` in test."""
    collection = make_collection(0)
    for name, split in (("left", Split.TRAIN), ("right", Split.TEST)):
        item = add_item(collection, name, [])
        Item.objects.filter(pk=item.pk).update(split=split)
    return collection


def source_of(name):
    return Item.objects.get(external_id=name).source_image


def rows_of(version):
    """Which items stand in which files of pairs."""
    folder = Path(settings.EXPORT_ROOT) / version.folder
    held = {}
    for path in [*folder.glob("*.json"), *folder.rglob("*.jsonl")]:
        if path.name in {"manifest.json", "rubric.json"} or path.stem == "pointwise":
            continue
        text = path.read_text()
        rows = json.loads(text) if path.suffix == ".json" else map(json.loads, text.splitlines())
        held[path.relative_to(folder).as_posix()] = {row["item_id"] for row in rows}
    return held


def build(campaign):
    version = request_dataset(
        campaign=campaign, options=ExportOptions(formats=PAIR_FORMATS), created_by=None
    )
    run_export_job(version.job, quiet)
    version.refresh_from_db()
    return version


def test_newcomers_follow_the_release_they_touch_and_a_bridge_waits(collection):
    add_item(collection, "follower", [source_of("left")])
    add_item(collection, "bridge", [source_of("left"), source_of("right")])
    campaign = plan(collection, "Growing")
    rate_all(campaign)
    version = build(campaign)
    assert splits() == {
        "left": "train",
        "right": "test",
        "follower": "train",
        "bridge": "quarantine",
    }
    report = version.snapshot.report["splits"]
    assert report["quarantined"]["count"] == 1
    [waiting] = report["quarantined"]["listed"]
    assert (waiting["items"], waiting["splits"]) == (["bridge"], ["test", "train"])
    assert report["leaks"]["exact"]["count"] == 0
    for name, items in rows_of(version).items():
        if "quarantine" not in name:
            assert "bridge" not in items, name


def test_a_recorded_split_stays_whatever_comes_and_whatever_the_seed(collection):
    campaign = plan(collection, "Steady")
    rate_all(campaign)
    snap(campaign)
    before = splits()
    for number in range(6):
        add_item(collection, f"later-{number}", [])
    plan_campaign(campaign=campaign)
    rate_all(campaign)
    snap(campaign)
    first = splits()
    assert {name: first[name] for name in before} == before
    choices = SnapshotChoices(SplitChoices(12345))
    take_snapshot(campaign=campaign, created_by=None, choices=choices, progress=quiet)
    assert splits() == first


@pytest.mark.parametrize("by_file", [False, True])
def test_an_external_set_keeps_newcomers_and_released_items_out_of_training(collection, by_file):
    image = make_picture((250, 1, 1), (6, 4))
    add_item(collection, "elsewhere", [image])
    ImageOriginal.objects.create(image=image, file_sha256="f" * 64, name="e.png")
    hashes = ["f" * 64 if by_file else image.pixel_sha256, source_of("left").pixel_sha256]
    added = add_external_set(collection=collection, name="Bench", hashes=hashes, actor=None)
    campaign = plan(collection, "Guarded")
    rate_all(campaign)
    [seen] = external_sets(collection)
    assert (seen.items, seen.released, seen.guards_benchmark) == (2, 1, False)
    version = build(campaign)
    assert splits_in(version.snapshot) == {
        "left": "excluded",
        "right": "test",
        "elsewhere": "excluded",
    }
    assert splits()["left"] == "train"  # as it was released; this version leaves it out
    assert version.snapshot.report["splits"]["released_but_external"] == 1
    for name, items in rows_of(version).items():
        if "excluded" not in name:
            assert not items & {"left", "elsewhere"}, name
    remove_external_set(external_set=added, actor=None)
    later = splits_in(snap(campaign))
    assert later["left"] == "train"
    assert later["elsewhere"] in {"train", "validation", "test"}


def test_a_set_that_guards_a_benchmark_stays(collection):
    campaign = plan(collection, "Judged")
    added = add_external_set(collection=collection, name="B1", hashes=["0" * 64], actor=None)
    Benchmark.objects.create(campaign=campaign, number=1, seed=0, plan={}, external_set=added)
    with pytest.raises(ConflictError, match="benchmark"):
        remove_external_set(external_set=added, actor=None)


def test_a_name_stands_once_in_a_collection(collection):
    add_external_set(collection=collection, name="GEdit", hashes=["0" * 64], actor=None)
    with pytest.raises(ConflictError, match="GEdit"):
        add_external_set(collection=collection, name=" GEdit ", hashes=["1" * 64], actor=None)


def test_hashes_are_read_from_plain_lists_and_from_sha256sum():
    lines = [
        "\ufeff# from our server\n",
        "A" * 64 + "\r\n",
        "\n",
        "b" * 64 + "  images/some picture.png\n",
        "a" * 64,
    ]
    assert read_hashes(lines) == ["a" * 64, "b" * 64]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([], "A list must have 1 to 500,000 hashes"),
        (["a" * 64, "picture.png", "a" * 63], "Line 2, 3: not a SHA-256 hash"),
        (["x"] * 9, "Line 1, 2, 3, 4, 5 …: not a SHA-256 hash"),
    ],
)
def test_a_list_that_is_none_is_refused_with_its_lines(lines, said):
    with pytest.raises(InvalidInputError, match=said):
        read_hashes(lines)


def test_snapshots_of_two_campaigns_at_once_never_part_what_shares_a_picture():
    for trial in range(4):
        collection = make_collection(0)
        shared = make_picture((trial, 77, 5), (6, 4))
        campaigns = []
        for side in ("a", "b"):
            add_item(collection, f"{trial}-{side}", [shared])
            campaign = plan(collection, f"Side {trial} {side}")
            # each campaign has an item of its own, tied to the other's by the picture
            campaign.campaign_items.exclude(item__external_id=f"{trial}-{side}").delete()
            rate_all(campaign)
            campaigns.append(campaign)

        def act(number, campaigns=campaigns):
            try:
                return snap(campaigns[number])
            finally:
                connections.close_all()

        in_threads(2, act)
        found = set(Item.objects.filter(collection=collection).values_list("split", flat=True))
        assert len(found) == 1, found
