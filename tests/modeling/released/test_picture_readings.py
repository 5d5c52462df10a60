"""Turned, transparent, deep and profiled pictures: as the public code reads them, or as shown."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from modeling.cli import main
from modeling.config import BackboneName
from modeling.data import read_picture
from modeling.released import PictureReading, ReleasedRewardModel
from modeling.released.pictures import picture_reading
from modeling.scorer import ScoreItem
from tests.modeling.released.published import PUBLISHED, published_output, write_published
from tests.modeling.toy import write_toy

OURS, PUBLIC = PictureReading.OURS, PictureReading.PUBLISHED
QWEN2_5, QWEN3 = BackboneName.QWEN2_5_VL, BackboneName.QWEN3_VL
ORIENTATION, LEFT_SIDE_DOWN = 0x0112, 6  # turning clockwise by a quarter sets it upright


def encoded(image, **options):
    file = io.BytesIO()
    image.save(file, **{"format": "PNG", **options})
    return file.getvalue()


def turned(pixels):
    exif = Image.Exif()
    exif[ORIENTATION] = LEFT_SIDE_DOWN
    return encoded(Image.fromarray(pixels), exif=exif)


def rows(picture, reading, family):
    image = read_picture(picture, reading=picture_reading(reading, family))
    return np.asarray(image).tolist()


RED, BLUE = (255, 0, 0), (0, 0, 255)
HALF_CLEAR_RED = encoded(Image.new("RGBA", (1, 1), (255, 0, 0, 0)))
DEEP = encoded(Image.fromarray(np.array([[200, 65535]], dtype=np.uint16)))


def test_a_cameras_rotation_is_read_by_the_qwen3_code_and_by_us_only():
    picture = turned(np.array([[RED, BLUE]], dtype=np.uint8))
    lying, upright = [[list(RED), list(BLUE)]], [[list(RED)], [list(BLUE)]]
    assert rows(picture, PUBLIC, QWEN2_5) == lying
    assert rows(picture, PUBLIC, QWEN3) == upright
    assert rows(picture, OURS, QWEN2_5) == rows(picture, OURS, QWEN3) == upright


@pytest.mark.parametrize("family", [QWEN2_5, QWEN3])
def test_the_public_code_drops_transparency_and_clips_deep_samples(family):
    assert rows(HALF_CLEAR_RED, PUBLIC, family) == [[[255, 0, 0]]]  # the hidden colour comes out
    assert rows(HALF_CLEAR_RED, OURS, family) == [[[128, 128, 128]]]
    assert rows(DEEP, PUBLIC, family) == [[[200] * 3, [255] * 3]]  # Pillow clips at 255
    assert rows(DEEP, OURS, family) == [[[0] * 3, [255] * 3]]  # 200 of 65,535 is none of 255
    floats = encoded(Image.fromarray(np.array([[99.0, 300.0]], dtype=np.float32)), format="TIFF")
    assert rows(floats, PUBLIC, family) == [[[99] * 3, [255] * 3]]
    with pytest.raises(OSError, match="have no agreed display"):
        rows(floats, OURS, family)


def odd_item(folder):
    """A turned source, a transparent and a deep edit, as files."""
    rng = np.random.default_rng(2)
    (folder / "s.png").write_bytes(turned(rng.integers(0, 256, (40, 90, 3), dtype=np.uint8)))
    clear = Image.fromarray(rng.integers(0, 256, (60, 60, 4), dtype=np.uint8))
    (folder / "clear.png").write_bytes(encoded(clear))
    deep = Image.fromarray(rng.integers(0, 600, (50, 70)).astype(np.uint16))
    (folder / "deep.png").write_bytes(encoded(deep))
    edits = {name: folder / f"{name}.png" for name in ("clear", "deep")}
    return ScoreItem("a", "make it white", folder / "s.png", edits)


@pytest.mark.parametrize("family", ["qwen2_5_vl", "qwen3_vl"])
def test_scores_of_odd_pictures_equal_those_of_the_public_code(family, tmp_path):
    plain = write_published(tmp_path, family)
    asked = odd_item(tmp_path)
    texts = {name: str(path) for name, path in asked.candidates.items()}
    by_name = replace(asked, source=str(asked.source), candidates=texts)
    model = ReleasedRewardModel.from_pretrained(tmp_path, layout=PUBLISHED)
    (scores,) = model.score(items=[asked])
    ours = replace(PUBLISHED, pictures=OURS)
    (shown,) = ReleasedRewardModel.from_pretrained(tmp_path, layout=ours).score(items=[asked])
    for name in asked.candidates:
        mean, _ = published_output(tmp_path, family, plain, by_name, name, 1)
        assert scores[name]["vq_mean"] == pytest.approx(mean, abs=1e-4)
        assert abs(shown[name]["vq_mean"] - mean) > 1e-3


def score_lines(capsys, *words):
    assert main([*map(str, words)]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_command_line_switches_the_reading_and_says_which_it_was(tmp_path, capsys):
    folder = tmp_path / "checkpoint"
    write_published(folder, "qwen2_5_vl")
    odd_item(tmp_path)
    edits = [{"candidate_id": name, "image": f"{name}.png"} for name in ("clear", "deep")]
    row = {"item_id": "a", "instruction": "x", "source_image": "s.png", "candidates": edits}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row))
    words = ("score", folder, tmp_path / "manifest.jsonl")
    default = score_lines(capsys, *words)
    public = score_lines(capsys, *words, "--pictures", "published")
    ours = score_lines(capsys, *words, "--pictures", "ours")
    assert default == public
    assert {line["read_as"]["pictures"] for line in public} == {"published"}
    assert {line["read_as"]["pictures"] for line in ours} == {"ours"}
    assert all(a["if_mean"] != b["if_mean"] for a, b in zip(public, ours, strict=True))


def test_evaluation_reads_pictures_as_asked_and_says_so(tmp_path, capsys):
    write_published(tmp_path / "checkpoint", "qwen2_5_vl")
    data = write_toy(tmp_path / "data", items=5, candidates=2)
    for path in (data / "images").iterdir():  # what is clear hides the colours of an edit
        image = Image.open(path).convert("RGBA")
        image.putalpha(0)
        image.save(path)
    words = ("evaluate", tmp_path / "checkpoint", data)
    (public,) = score_lines(capsys, *words)
    (ours,) = score_lines(capsys, *words, "--pictures", "ours")
    assert (public["read_as"]["pictures"], ours["read_as"]["pictures"]) == ("published", "ours")
    assert public["evaluation"] != ours["evaluation"]
