"""`datasets.load_dataset` opens the folder: every configuration, wherever the images are."""

import pytest
import yaml
from datasets import load_dataset

from annotation_app.services.exports import parts
from annotation_app.services.exports.options import ExportFormat, ImageMode
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)

EVERYTHING = tuple(ExportFormat)
PAIR_FEATURES = {
    "key": "string", "unique_key": "string", "pair_index": "int32", "instruction": "string",
    "left_model": "string", "right_model": "string",
    "left_overall_score": "float64", "left_instruction_following_score": "float64",
    "left_quality_aesthetic_score": "float64",
    "right_overall_score": "float64", "right_instruction_following_score": "float64",
    "right_quality_aesthetic_score": "float64",
    "vote_type": "string", "metadata_index": "int64", "left_img_rel": "string",
    "right_img_rel": "string",
}  # fmt: skip
PAIR_IMAGES = {"source_img", "left_output_image", "right_output_image"}


def head_of(folder):
    _, head, _ = (folder / "README.md").read_text().split("---\n", 2)
    return yaml.safe_load(head)


@pytest.mark.parametrize("images", list(ImageMode))
def test_every_configuration_opens_with_decodable_images(
    campaign, build, tmp_path, monkeypatch, images
):
    version, folder = build(campaign, formats=EVERYTHING, images=images)
    names = [config["config_name"] for config in head_of(folder)["configs"]]
    expected = ["pairs", "trl", "pointwise", "ratings"]
    assert names == (expected[:3] if images is ImageMode.COPIED else expected)
    monkeypatch.chdir("/")  # paths must not lean on where the reader stands
    for name in names:
        splits = load_dataset(str(folder), name, cache_dir=str(tmp_path / "cache"))
        [rows] = splits.values()
        table = {"pairs": "edit_reward_parquet"}.get(name, name)
        assert len(rows) == version.manifest["rows"][table]
        for column, feature in rows.features.items():
            if type(feature).__name__ == "Image":
                assert rows[0][column].size == (8, 6)


@pytest.mark.parametrize("images", list(ImageMode))
def test_pairs_have_the_features_of_edit_reward_data(campaign, build, tmp_path, images):
    formats = (ExportFormat.EDIT_REWARD_PARQUET,)
    _, folder = build(campaign, formats=formats, images=images)
    [rows] = load_dataset(str(folder), cache_dir=str(tmp_path)).values()
    kinds = {name: getattr(kind, "dtype", "") for name, kind in rows.features.items()}
    pictures = {n for n, kind in rows.features.items() if type(kind).__name__ == "Image"}
    assert pictures == PAIR_IMAGES
    assert {name: kinds[name] for name in kinds if name not in pictures} == PAIR_FEATURES
    assert set(rows["vote_type"]) > {"tie"}
    assert sorted(row["metadata_index"] for row in rows) == list(range(len(rows)))


def test_an_export_of_json_alone_opens_as_json(campaign, build, tmp_path):
    formats = (ExportFormat.EDIT_REWARD_JSON, ExportFormat.TRAINING)
    version, folder = build(campaign, formats=formats)
    [rows] = load_dataset(str(folder), cache_dir=str(tmp_path)).values()
    assert len(rows) == version.manifest["rows"]["edit_reward_json"]
    assert set(rows["tie_case"]) == {True, False}


@pytest.mark.parametrize("images", list(ImageMode))
def test_numbered_parts_open_as_one_split(build, tmp_path, monkeypatch, images):
    monkeypatch.setattr(parts, "MOST_PAIRS", 3)
    campaign = make_campaign(3, k=3)
    [annotator] = make_annotators(campaign, 1)
    for _ in range(3):
        rate_by_rule(campaign, annotator, lambda place, key: 1 + place)
    version, folder = build(campaign, formats=EVERYTHING, images=images)
    assert len(list((folder / "pairs").glob("*-of-00003.parquet"))) == 3
    [rows] = load_dataset(str(folder), cache_dir=str(tmp_path)).values()
    assert len(rows) == version.manifest["rows"]["edit_reward_parquet"] == 9
    assert sorted(rows["metadata_index"]) == list(range(9))
    assert (folder / "pointwise.csv").read_text().count("item_id") == 1


def test_the_head_is_yaml_whatever_a_campaign_is_called(campaign, build):
    campaign.name = 'Ünïcode: "quotes", {braces} & # hashes'
    campaign.save()
    _, folder = build(campaign)
    head = head_of(folder)
    assert head["pretty_name"] == campaign.name
    assert head["size_categories"] == ["n<1K"]
    assert head["configs"][0]["config_name"] == "pairs"
