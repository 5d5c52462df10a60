import hashlib
import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from datasets import load_dataset
from django.conf import settings

from annotation_app.enums import BuildState, JobState
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Image, Job, Rating
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.tables import escape_cell
from annotation_app.services.exports.versions import request_dataset, run_export_job
from modeling.data import read_dataset
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)

# candidate by id: (IF, VQ). A and B tie overall with opposite winners; C and D are equal.
LEVELS = {0: (4, 1), 1: (2, 3), 2: (1, 1), 3: (1, 1)}


def quiet(done, total, message):
    pass


@pytest.fixture
def campaign():
    campaign = make_campaign(1, k=4)
    [annotator] = make_annotators(campaign, 1)
    rate_by_rule(campaign, annotator, lambda place, key: LEVELS[place][key == "vq"])
    return campaign


def build(campaign, **options):
    version = request_dataset(campaign=campaign, options=ExportOptions(**options), created_by=None)
    run_export_job(version.job, quiet)
    version.refresh_from_db()
    return version, Path(settings.EXPORT_ROOT) / version.folder


def rows_of(folder, version):
    [name] = [
        name
        for name in version.manifest["files"]
        if name in {"train.json", "test.json", "validation.json"}
    ]
    return json.loads((folder / name).read_text())


def test_every_pair_is_exported_by_its_kind_and_the_counts_reconcile(campaign):
    version, folder = build(campaign)
    total = version.manifest["pairs"]["total"]
    # 6 pairs: A–B disentangled, C–D identical, A and B against C and D strict
    assert (total["possible"], total["strict"], total["disentangled"], total["identical"]) == (
        6,
        4,
        1,
        1,
    )
    assert total["exported_rows"] == 4 + 2
    rows = rows_of(folder, version)
    assert len(rows) == 6
    ties = [row for row in rows if row["tie_case"]]
    assert {row["dimension"] for row in ties} == {"if", "vq"}
    by_dimension = {row["dimension"]: row for row in ties}
    assert by_dimension["if"]["path1"] == by_dimension["vq"]["path2"]
    assert by_dimension["if"]["model1_dim1_score"] == 4
    assert by_dimension["vq"]["model1_dim2_score"] == 3


def test_the_keys_stand_in_the_order_that_the_public_loader_relies_on(campaign):
    version, folder = build(campaign)
    keys = list(rows_of(folder, version)[0])
    assert keys[:14] == [
        "prompt", "choice_dist", "confidence", "path_src", "path1", "path2", "model1", "model2",
        "model1_dim1_score", "model1_dim2_score", "model1_overall_score",
        "model2_dim1_score", "model2_dim2_score", "model2_overall_score",
    ]  # fmt: skip


def test_every_path_of_the_json_opens(campaign):
    version, folder = build(campaign)
    for row in rows_of(folder, version):
        for key in ("path_src", "path1", "path2"):
            assert (folder / row[key]).is_file()


def test_the_same_snapshot_options_and_seed_give_the_same_bytes(campaign):
    first, _ = build(campaign, seed=3)
    again = request_dataset(campaign=campaign, options=ExportOptions(seed=3), created_by=None)
    again.snapshot = first.snapshot
    again.save()
    run_export_job(again.job, quiet)
    again.refresh_from_db()
    assert again.manifest["files"] == first.manifest["files"]


def test_the_manifest_names_every_file_with_its_hash(campaign):
    version, folder = build(campaign)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert files == {*version.manifest["files"], "manifest.json"}
    for name, facts in version.manifest["files"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == facts["sha256"]
    assert version.digest == hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()


def test_parquet_votes_left_right_or_tie_and_datasets_decodes_its_images(campaign, tmp_path):
    _, folder = build(campaign, images=ImageMode.EMBEDDED)
    [file] = (folder / "pairs").iterdir()
    votes = pq.read_table(file)["vote_type"].to_pylist()
    assert sorted(set(votes) - {"leftvote", "rightvote"}) == ["tie"]
    assert len(votes) == 5  # the disentangled pair once
    rows = load_dataset("parquet", data_files=str(file), split="train", cache_dir=str(tmp_path))
    assert rows[0]["source_img"].size == (8, 6)
    assert rows.features["left_overall_score"].dtype == "float64"


def test_the_training_folder_reads_back_in_the_trainers_own_reader(campaign):
    _, folder = build(campaign, formats=(ExportFormat.TRAINING,))
    dataset = read_dataset(folder)
    [group] = dataset.groups
    assert len(group.candidates) == 4
    assert dataset.rubric.keys == ("if", "vq")
    assert sorted({pair.kind.value for pair in group.pairs}) == ["disentangled", "strict"]


def test_a_failed_build_leaves_no_visible_version_and_the_retry_finishes_it(campaign, monkeypatch):
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)

    def explode(*_args, **_options):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr("annotation_app.services.exports.build.write_manifest", explode)
        with pytest.raises(OSError, match="disk full"):
            run_export_job(version.job, quiet)
    version.refresh_from_db()
    assert version.state == BuildState.FAILED
    assert not (Path(settings.EXPORT_ROOT) / str(version.public_id)).exists()
    run_export_job(version.job, quiet)
    version.refresh_from_db()
    assert version.state == BuildState.READY
    assert version.job.state == JobState.QUEUED  # the runner records the job's end, not the service
    assert Job.objects.count() == 1


def test_trl_rows_ask_which_edit_is_better_and_name_the_seeded_side(campaign, tmp_path):
    version, folder = build(campaign, formats=(ExportFormat.TRL,), images=ImageMode.EMBEDDED)
    [file] = (folder / "trl").glob("*.parquet")
    rows = load_dataset("parquet", data_files=str(file), split="train", cache_dir=str(tmp_path))
    assert len(rows) == version.manifest["pairs"]["total"]["exported_rows"] == 6
    for row in rows:
        answers = {row["chosen"][0]["content"][0]["text"], row["rejected"][0]["content"][0]["text"]}
        assert answers == {"A", "B"}
        assert len(row["images"]) == 3
        assert row["margin"] > 0
    dimensions = sorted({row["dimension"] for row in rows})
    assert dimensions == ["if", "overall", "vq"]
    [texts] = (folder / "trl").glob("*.jsonl")
    assert len(texts.read_text().splitlines()) == 6


def test_pointwise_rows_hold_scores_provenance_and_pseudonyms(campaign):
    _, folder = build(campaign, formats=(ExportFormat.POINTWISE,))
    rows = [json.loads(line) for line in (folder / "pointwise.jsonl").read_text().splitlines()]
    assert [(row["if_score"], row["vq_score"], row["overall_score"]) for row in rows] == [
        (4, 1, 5), (2, 3, 5), (1, 1, 2), (1, 1, 2),
    ]  # fmt: skip
    annotator = Rating.objects.get().annotator
    assert {level["annotator"] for row in rows for level in row["if_levels"]} == {
        annotator.pseudonym
    }
    assert annotator.username not in (folder / "pointwise.csv").read_text()
    assert {row["if_provenance"] for row in rows} == {"single"}


def test_a_missing_image_is_named_with_its_remedy_and_nothing_is_published(campaign):
    source = campaign.campaign_items.get().item.source_image
    Image.objects.filter(pk=source.pk).update(file="images/gone.webp")
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    with pytest.raises(InvalidInputError, match="missing from storage"):
        run_export_job(version.job, quiet)
    assert not (Path(settings.EXPORT_ROOT) / str(version.public_id)).exists()


def test_formulas_in_tables_are_escaped():
    assert escape_cell("=HYPERLINK(1)") == "'=HYPERLINK(1)"
    assert escape_cell(-1) == -1
