"""Images that the manifest lists: only these very files are read."""

import os
import shutil

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
    assert "0-1.png: not the listed file: its sha256 is" in problem.reason
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
    assert "4-3.png: not the listed file" in error


def test_the_listed_sha256_names_the_pictures_whenever_they_were_written(folder, small_config):
    backbone = BACKBONES[small_config.backbone].create(small_config.backbone_options)
    picture = folder / "images" / "0-1.png"

    def key_at(date):
        os.utime(picture, (date, date))
        return images_key(read_dataset(folder), backbone)

    assert key_at(1) != key_at(2)
    list_files(folder)
    assert key_at(1) == key_at(2)


@pytest.mark.parametrize("form", [str, lambda path: path, lambda path: path.read_bytes()])
def test_a_picture_is_read_with_its_own_sha256_alone(folder, form):
    list_files(folder)
    (path, digest), (_, other), *_ = read_dataset(folder).listed.items()
    assert read_picture(form(path), sha256=digest).mode == "RGB"
    with pytest.raises(UnreadablePictureError, match=f"not the listed file.* not {other}"):
        read_picture(form(path), sha256=other)
