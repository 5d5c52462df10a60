from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.conf import settings

from annotation_app.enums import Design
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Candidate, Collection, Item, Rating
from annotation_app.selectors.rating.scores import counted_scores
from annotation_app.services.campaigns.creation import CampaignDesign, create_campaign
from annotation_app.services.collections.rating_imports.running import (
    RatingsOptions,
    import_edit_reward_data,
)
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.versions import request_dataset, run_export_job
from tests.factories.archives import hub_cache
from tests.factories.benchmarks import make_checked_campaign
from tests.factories.edit_reward_data import pair_row, write_folder

pytestmark = pytest.mark.django_db

LEVELS = {1: (4, 4), 2: (3, 2), 3: (2, 3)}  # 2 and 3 tie overall


@pytest.fixture
def campaign():
    collection = Collection.objects.create(name="Empty", slug="empty")
    return create_campaign(
        actor=None, name="Start", collection=collection, design=CampaignDesign(seed=1)
    )


def rows_of(key, scores=LEVELS):
    return [pair_row(key, left, right, scores) for left, right in ((1, 2), (3, 1), (2, 3))]


def run(folder, campaign, **options):
    return import_edit_reward_data(
        folder=folder, campaign=campaign, options=RatingsOptions(**options)
    )


@pytest.mark.parametrize("embedded", [True, False])
def test_a_folder_becomes_items_with_images_and_one_rating_each(campaign, tmp_path, embedded):
    folder = write_folder(tmp_path / "erd", rows_of("a") + rows_of("b"), embedded=embedded)
    summary = run(folder, campaign)
    assert (summary.new_items, summary.ratings, summary.scores) == (2, 2, 12)
    item = Item.objects.get(external_id="a")
    assert (item.instruction, item.source_dataset) == ("Change a.", "EditReward-Data")
    assert sorted(item.candidates.values_list("external_id", "generator__name")) == [
        ("a/1.png", "editor-1"),
        ("a/2.png", "editor-2"),
        ("a/3.png", "editor-3"),
    ]
    levels = {}
    names = dict(Candidate.objects.filter(item=item).values_list("pk", "external_id"))
    for row in counted_scores(campaign):
        if row.candidate in names:
            levels.setdefault(names[row.candidate], {})[row.dimension] = row.level
    assert levels == {
        f"a/{number}.png": {"if": following, "vq": quality}
        for number, (following, quality) in LEVELS.items()
    }
    assert set(Rating.objects.values_list("task__design", flat=True)) == {Design.IMPORTED}


def test_a_dry_run_counts_and_writes_nothing(campaign, tmp_path):
    summary = run(write_folder(tmp_path / "erd", rows_of("a")), campaign, dry_run=True)
    assert (summary.new_items, summary.scores, summary.problem_count) == (1, 6, 0)
    assert not Item.objects.exists()


def test_rows_that_contradict_leave_their_item_out_and_are_named(campaign, tmp_path):
    swapped = rows_of("swap")
    swapped[0]["vote_type"] = "rightvote"
    wrong_sum = rows_of("sum")
    wrong_sum[1]["left_overall_score"] = 8.0
    changed = rows_of("twice")
    changed[2] = pair_row("twice", 2, 3, LEVELS | {2: (1, 1)})
    folder = write_folder(tmp_path / "erd", [*swapped, *wrong_sum, *changed, *rows_of("good")])
    summary = run(folder, campaign)
    assert list(Item.objects.values_list("external_id", flat=True)) == ["good"]
    found = {(one.item_id, one.field): one.reason for one in summary.problems}
    assert found == {
        ("swap", "vote_type"): "It says rightvote, the overall scores say leftvote.",
        ("sum", "left_overall_score"): "8.0 is not the sum of 2.0 and 3.0.",
        ("twice", "scores"): ("The same edit is in line 1 with different scores or another model."),
    }


def test_means_of_raters_are_no_ratings(campaign, tmp_path):
    folder = write_folder(tmp_path / "erd", rows_of("a", LEVELS | {1: (3.5, 4)}))
    summary = run(folder, campaign)
    assert summary.scores == 5
    assert "mean of several raters" in summary.problems[0].reason
    assert Item.objects.count() == 1


@pytest.mark.parametrize("embedded", [True, False])
def test_a_snapshot_of_a_hub_cache_is_read_through_its_links(campaign, tmp_path, embedded):
    folder = write_folder(tmp_path / "erd", rows_of("a"), embedded=embedded)
    files = {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }
    summary = run(hub_cache(tmp_path, files), campaign)
    assert (summary.new_items, summary.scores, summary.problem_count) == (1, 6, 0)


def test_a_table_that_is_a_link_out_of_the_folder_is_refused(campaign, tmp_path):
    folder = write_folder(tmp_path / "erd", rows_of("a"))
    table = next((folder / "data").iterdir())
    table.rename(tmp_path / "elsewhere.parquet")
    table.symlink_to(tmp_path / "elsewhere.parquet")
    with pytest.raises(InvalidInputError, match="is a link that leads outside the folder"):
        run(folder, campaign)


def test_images_outside_the_folder_are_refused(campaign, tmp_path):
    rows = rows_of("a")
    rows[0]["source_img"] = {"bytes": None, "path": "../secret.png"}
    folder = write_folder(tmp_path / "erd", [*rows, *rows_of("b")])
    summary = run(folder, campaign)
    assert "leaves the folder with" in summary.problems[0].reason
    assert list(Item.objects.values_list("external_id", flat=True)) == ["b"]


def test_other_tables_beside_the_pairs_are_left_alone(campaign, tmp_path):
    folder = write_folder(tmp_path / "erd", rows_of("a"))
    pq.write_table(pa.table({"x": [1]}), folder / "other.parquet")
    assert run(folder, campaign).new_items == 1


def test_folders_without_pairs_are_refused_with_what_they_lack(campaign, tmp_path):
    (tmp_path / "erd").mkdir()
    with pytest.raises(InvalidInputError, match="contains no Parquet files"):
        run(tmp_path / "erd", campaign)
    pq.write_table(pa.table({"key": ["a"]}), tmp_path / "erd" / "other.parquet")
    with pytest.raises(InvalidInputError, match="it lacks instruction, left_img_rel"):
        run(tmp_path / "erd", campaign)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("images", [ImageMode.EMBEDDED, ImageMode.COPIED])
def test_an_export_of_our_own_comes_back_with_the_same_scores(campaign, images):
    rated, _ = make_checked_campaign(4, raters=1)
    options = ExportOptions(
        formats=(ExportFormat.EDIT_REWARD_PARQUET, ExportFormat.POINTWISE), images=images
    )
    version = request_dataset(campaign=rated, options=options, created_by=None)
    run_export_job(version.job, lambda done, total, message: None)
    version.refresh_from_db()
    summary = run(Path(settings.EXPORT_ROOT) / version.folder, campaign)
    assert (summary.new_items, summary.ratings, summary.problem_count) == (4, 4, 0)

    def scores(of):
        names = dict(of.campaign_items.values_list("pk", "item__external_id"))
        makers = dict(Candidate.objects.values_list("pk", "generator__name"))
        return sorted(
            (names[row.campaign_item], makers[row.candidate], row.dimension, row.level)
            for row in counted_scores(of)
        )

    assert scores(campaign) == scores(rated)


def test_a_dry_run_and_its_import_say_the_same(campaign, tmp_path):
    broken = rows_of("broken")
    broken[0]["source_img"] = {"bytes": b"not an image", "path": "x.png"}
    outside = rows_of("outside", LEVELS | {1: (9, 3)})
    folder = write_folder(tmp_path / "erd", [*broken, *outside, *rows_of("good")])
    check = run(folder, campaign, dry_run=True)
    done = run(folder, campaign)
    told = [[(one.item_id, one.field, one.reason) for one in s.problems] for s in (check, done)]
    assert told[0] == told[1]
    assert {item for item, *_ in told[0]} == {"broken", "outside"}
    counts = [(s.new_items, s.ratings, s.scores + s.not_drawn, s.items) for s in (check, done)]
    assert counts[0] == counts[1]
