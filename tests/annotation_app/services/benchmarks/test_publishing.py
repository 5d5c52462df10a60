import csv
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from datasets import load_dataset
from django.conf import settings

from analytics.benchmark.orders import parse_order
from annotation_app.enums import JobKind
from annotation_app.models import Job
from annotation_app.services.benchmarks.publishing import request_publication, run_publish_job
from tests.annotation_app.services.benchmarks.test_building import build, quiet
from tests.annotation_app.services.benchmarks.test_rankings import confirm_all
from tests.factories.benchmarks import make_checked_campaign
from tests.factories.world import make_user

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def published():
    campaign, _ = make_checked_campaign(9)
    benchmark = build(campaign, groups={2: 3, 3: 2, 4: 2}, calibration_pairs=2)
    confirm_all(benchmark)
    run_publish_job(request_publication(benchmark=benchmark, actor=make_user()), quiet)
    benchmark.refresh_from_db()
    return benchmark, Path(settings.EXPORT_ROOT) / benchmark.folder


def test_the_json_files_are_editreward_bench(published):
    _, folder = published
    sizes = {k: json.loads((folder / f"{k}pair.json").read_text()) for k in (2, 3, 4)}
    assert {k: len(rows) for k, rows in sizes.items()} == {2: 3, 3: 2, 4: 2}
    for k, rows in sizes.items():
        for row in rows:
            assert row["dataset"] == f"{k}pair"
            assert len(row["paths_generated"]) == len(row["candidates"]) == k
            assert all(
                (folder / path).is_file() for path in [row["path_src"], *row["paths_generated"]]
            )
            order = parse_order(row["human_vote"]["ranking"])
            scores = [one["overall_score"] for one in row["candidates"]]
            best_first = sorted(range(k), key=lambda place: order.ranks[place])
            assert sorted(scores, reverse=True) == [scores[place] for place in best_first]
            for one in row["candidates"]:
                assert one["overall_score"] == one["instruction_following"] + one["visual_quality"]
                assert len(one["raters"]) == 3
                assert all(rater["rater"].startswith("rater-") for rater in one["raters"])
    every = [row["id"] for rows in sizes.values() for row in rows]
    assert len(set(every)) == len(every)


def test_the_parquet_twin_opens_with_images_and_one_row_a_pair(published):
    _, folder = published
    rows = load_dataset(str(folder), split="test")
    assert len(rows) == 3 * 1 + 2 * 3 + 2 * 6
    assert rows[0]["source_image"].size == (8, 6)
    ids = pq.read_table(folder / "data" / "test.parquet", columns=["id"])["id"].to_pylist()
    assert len(set(ids)) == len(ids)
    for row in rows:
        gap = row["overall_score_1"] - row["overall_score_2"]
        expected = "A>B" if gap > 0 else "B>A" if gap < 0 else "A=B=Bad"
        assert row["ranking"] == expected


def test_the_manifest_holds_n_floors_and_intervals_for_each_k(published):
    benchmark, folder = published
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest == json.loads(json.dumps(benchmark.manifest))
    assert manifest["groups"] == 7
    assert manifest["joint_check"]["confirmed"] == manifest["labels_by_raters"] == 7
    rows = {row["k"]: row for row in manifest["single_rater_rows"]}
    assert {k: row["items"] for k, row in rows.items()} == {2: 3, 3: 2, 4: 2, None: 7}
    # one of three pairs is a tie, out of reach of random scores: (1/2 + 1/2 + 0) / 3
    assert rows[2]["floor_scores"] == pytest.approx(1 / 3)
    assert rows[2]["floor_labels"] == pytest.approx(1 / 4)
    assert (rows[3]["floor_scores"], rows[3]["floor_labels"]) == pytest.approx((1 / 6, 1 / 8))
    assert (rows[4]["floor_scores"], rows[4]["floor_labels"]) == pytest.approx((1 / 24, 1 / 64))
    # seven items: every rater's own scores give the published order
    assert rows[None]["value"] == 1.0
    assert rows[None]["cluster"][1] == 1.0
    assert set(manifest["files"]) >= {
        "README.md",
        "2pair.json",
        "3pair.json",
        "4pair.json",
        "calibration.json",
        "data/test.parquet",
        "predictions_template.csv",
    }


def test_the_template_asks_for_every_candidate_calibration_included(published):
    _, folder = published
    with (folder / "predictions_template.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 2 + 2 * 3 + 2 * 4 + 2 * 2
    assert set(rows[0]) == {"group_id", "candidate", "score"}


def test_the_card_says_how_it_was_checked_and_the_floors(published):
    _, folder = published
    card = (folder / "README.md").read_text()
    assert "confirmed 7" in card
    assert "| 4 | 2 | 4.17% | 1.56% |" in card
    assert "secret-item" not in card


def test_two_publications_of_the_same_groups_write_the_same_files(published):
    benchmark, _ = published
    digests = benchmark.manifest["files"]
    type(benchmark).objects.filter(pk=benchmark.pk).update(stage="checking", published_at=None)
    run_publish_job(Job.objects.get(kind=JobKind.PUBLISH_BENCHMARK), quiet)
    benchmark.refresh_from_db()
    assert benchmark.manifest["files"] == digests
