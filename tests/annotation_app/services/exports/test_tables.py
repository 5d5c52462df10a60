"""Ratings and point-wise rows, as the reference of formats names their columns."""

import csv
import json

import pyarrow.parquet as pq
import pytest

from annotation_app.enums import MissingReason
from annotation_app.models import Rating
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.exports.options import ExportFormat, ImageMode
from annotation_app.services.rating.judgements import ScoreInput
from annotation_app.services.rating.submission import submit_rating
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

pytestmark = pytest.mark.django_db(transaction=True)


def lines(path):
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def rating():
    """One rating of two candidates: the second on screen could not be judged on VQ."""
    campaign = make_campaign(1, k=2)
    [annotator] = make_annotators(campaign, 1)
    lease = lease_next_task(annotator=annotator, campaign=campaign, now=NOON)
    first, second = lease.candidate_order
    scores = [
        ScoreInput(candidate_id=first, dimension="if", level=4),
        ScoreInput(candidate_id=first, dimension="vq", level=2),
        ScoreInput(candidate_id=second, dimension="if", level=1),
        ScoreInput(candidate_id=second, dimension="vq", missing_reason=MissingReason.OTHER),
    ]
    judgement = make_judgement(lease, scores=scores, seconds=12.25, aids={"1": {"zoom": 3}})
    return submit_rating(lease=lease, judgement=judgement, now=NOON).rating


def test_each_score_is_a_row_with_what_was_on_the_screen(rating, build):
    version, folder = build(rating.campaign, formats=(ExportFormat.RATINGS,))
    rows = lines(folder / "ratings.jsonl")
    assert version.manifest["rows"]["ratings"] == len(rows) == 4
    told = [
        (row["order_on_screen"], row["dimension"], row["level"], row["missing_reason"])
        for row in rows
    ]
    assert told == [(1, "if", 4, ""), (1, "vq", 2, ""), (2, "if", 1, ""), (2, "vq", None, "other")]
    assert [json.loads(row["aids"]) for row in rows] == [{}, {}, {"zoom": 3}, {"zoom": 3}]
    shared = {
        "annotator": rating.annotator.pseudonym,
        "seconds": 12.25,
        "rubric": rating.campaign.rubric.slug,
        "guideline_version": 1,
        "task_kind": "production",
        "design": "random",
        "selection_probability": rating.task.inclusion_probability,
        "given_at": NOON.isoformat(),
    }
    for row in rows:
        assert shared.items() <= row.items()


def test_the_three_files_of_a_table_hold_the_same_rows(rating, build):
    _, folder = build(rating.campaign, formats=(ExportFormat.RATINGS,))
    table = pq.read_table(folder / "ratings.parquet").to_pylist()
    assert table == lines(folder / "ratings.jsonl")
    with (folder / "ratings.csv").open(newline="") as file:
        texts = list(csv.DictReader(file))
    assert [row["level"] for row in texts] == ["4", "2", "1", ""]
    assert [row["candidate_id"] for row in texts] == [row["candidate_id"] for row in table]


def test_no_file_names_an_annotator_otherwise_than_by_pseudonym(rating, build):
    formats = (ExportFormat.RATINGS, ExportFormat.POINTWISE, ExportFormat.TRAINING)
    _, folder = build(rating.campaign, formats=formats)
    annotator = Rating.objects.get().annotator
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert annotator.username.encode() not in content
            assert annotator.email.encode() not in content


@pytest.mark.parametrize("images", list(ImageMode))
def test_pointwise_parquet_holds_or_names_its_images(rating, build, images):
    _, folder = build(rating.campaign, formats=(ExportFormat.POINTWISE,), images=images)
    rows = pq.read_table(folder / "pointwise.parquet").to_pylist()
    texts = lines(folder / "pointwise.jsonl")
    assert [row["image"]["path"] for row in rows] == [row["image"] for row in texts]
    embedded = [row["image"]["bytes"] is not None for row in rows]
    assert embedded == [images is ImageMode.EMBEDDED] * 2
    assert all((folder / row["image"]).is_file() for row in texts)
    assert {row["overall_score"] for row in rows} == {6, None}
