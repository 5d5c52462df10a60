"""Images that the manifest lists: only these very files are read."""

import json
import os
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from modeling.backbones import BACKBONES
from modeling.data import DataError, UnreadablePictureError, read_dataset, read_picture
from modeling.trainer import train
from modeling.trainer.sets import images_key
from tests.modeling.commands import only_error
from tests.modeling.toy import list_files, write_toy


@pytest.fixture
def folder(tmp_path):
    return write_toy(tmp_path / "toy", items=5)


def swap(folder):
    """Put another picture where the first item shows its second candidate."""
    shutil.copyfile(folder / "images" / "1-2.png", folder / "images" / "0-1.png")


def test_training_refuses_another_picture_than_the_listed_one(folder, tmp_path, small_config):
    list_files(folder)
    swap(folder)
    with pytest.raises(DataError, match="1 problem in 5 rows") as caught:
        train(small_config, data=folder, output=tmp_path / "m")
    (problem,) = caught.value.problems
    assert problem.item_id == "item-0"
    assert "0-1.png: not the file that the manifest lists: its sha256 is" in problem.reason
    assert not (tmp_path / "m").exists()


def test_a_folder_with_all_its_listed_pictures_trains(folder, tmp_path, small_config):
    list_files(folder)
    assert train(small_config, data=folder, output=tmp_path / "m").steps > 0


def test_pictures_that_no_manifest_lists_are_taken_as_found(folder, tmp_path, small_config):
    swap(folder)
    assert train(small_config, data=folder, output=tmp_path / "m").steps > 0


def test_evaluation_refuses_another_picture_than_the_listed_one(trained, folder, capsys):
    list_files(folder)
    shutil.copyfile(folder / "images" / "0-1.png", folder / "images" / "4-3.png")
    error = only_error(capsys, 2, "evaluate", trained.checkpoint, folder)
    assert "item 'item-4'" in error
    assert "4-3.png: not the file that the manifest lists" in error


def test_the_listed_sha256_names_the_pictures_whenever_they_were_written(folder, small_config):
    backbone = BACKBONES[small_config.backbone].create(small_config.backbone_options)
    picture = folder / "images" / "0-1.png"

    def key_at(date):
        os.utime(picture, (date, date))
        return images_key(read_dataset(folder), backbone)

    assert key_at(1) != key_at(2)
    list_files(folder)
    assert key_at(1) == key_at(2)


@pytest.mark.parametrize("spelled", ["./{}", "images/../{}", "{folder}/{}", "images//../{}"])
@pytest.mark.parametrize("relative", [False, True])
def test_another_spelling_of_a_listed_name_is_the_same_file(folder, monkeypatch, spelled, relative):
    rows = [json.loads(line) for line in (folder / "groups.jsonl").read_text().splitlines()]
    for row in rows:
        row["source_image"] = spelled.format(row["source_image"], folder=folder)
    (folder / "groups.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    list_files(folder)
    monkeypatch.chdir(folder.parent)
    dataset = read_dataset(Path(folder.name) if relative else folder)
    images = [dataset.path(name) for row in dataset.groups for name in row.image_names]
    assert [path for path in images if path not in dataset.listed] == []


@pytest.mark.parametrize("given", [None, 5, "", "abc", ["a"], "g" * 64, "\ud800"])
@pytest.mark.parametrize("name", ["groups.jsonl", "images/0-1.png"])
def test_a_sum_that_is_none_is_told_of_the_manifest(folder, name, given):
    list_files(folder)
    change_manifest(folder, name, given)
    with pytest.raises(ValueError, match=rf"manifest\.json: the sha256 of '{name}' must be 64"):
        read_dataset(folder)


def test_sums_in_capitals_are_the_same_sums(folder, tmp_path, small_config):
    list_files(folder)
    for name in ("groups.jsonl", "images/0-1.png"):
        digest = sha256((folder / name).read_bytes()).hexdigest()
        change_manifest(folder, name, digest.upper())
    assert train(small_config, data=folder, output=tmp_path / "m").steps > 0


def change_manifest(folder, name, digest):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"][name]["sha256"] = digest
    path.write_text(json.dumps(manifest))


@pytest.mark.parametrize("form", [str, lambda path: path, lambda path: path.read_bytes()])
def test_a_picture_is_read_with_its_own_sha256_alone(folder, form):
    list_files(folder)
    listed = read_dataset(folder).listed
    path = folder / "images" / "0-0.png"
    digest, other = listed[path], listed[folder / "images" / "0-1.png"]
    assert read_picture(form(path), sha256=digest).mode == "RGB"
    with pytest.raises(UnreadablePictureError, match=f"manifest lists.* not {other}; restore"):
        read_picture(form(path), sha256=other)
