"""Pictures, instructions and pools from anybody: scored, or refused in a sentence."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from modeling.backbones import ItemInputs
from modeling.data import UnreadablePictureError, pictures, read_picture
from modeling.data.decoding import UnreadableImagesError
from modeling.scorer import ItemScores, RewardModel, ScoreItem, best_of_n
from tests.modeling.backbones.qwen.tiny import RUBRIC, tiny_backbone
from tests.modeling.caches import build_cache

RED = Image.new("RGB", (16, 16), "red")
NOISE = Image.effect_noise((64, 64), 80)


def encoded(image, kind="PNG", **options):
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def bomb(width, height):
    """A PNG of 70 bytes whose header promises many pixels."""

    def chunk(name, data):
        return (
            struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = chunk(b"IDAT", zlib.compress(b"\0" * 100))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + pixels + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "cannot identify an image"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "cannot identify"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "cannot identify"),
        (encoded(NOISE)[:600], "truncated"),
        (encoded(NOISE, "JPEG")[:900], "truncated"),
        (bomb(12_000, 12_000), "the limit is 100,000,000"),
        (bomb(60_000, 60_000), "60000 × 60000 pixels; .* the limit is 100,000,000"),
        (bomb(2**31 - 1, 2**31 - 1), "limit"),
    ],
    ids=["empty", "svg", "postscript", "torn png", "torn jpeg", "bomb", "big bomb", "huge bomb"],
)
def test_what_is_no_sound_picture_is_refused_by_name(content, match):
    with pytest.raises(UnreadablePictureError, match=match) as caught:
        read_picture(content, "candidate 'c'")
    assert str(caught.value).startswith("candidate 'c': ")


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(UnreadablePictureError, match=r"gone\.png: no such file"):
        read_picture(tmp_path / "gone.png")
    with pytest.raises(UnreadablePictureError, match="source"):
        read_picture(tmp_path, "source")


def test_a_photo_is_turned_upright_as_people_saw_it():
    tall = Image.fromarray(np.arange(6, dtype=np.uint8).reshape(3, 2) * 40)
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned by a quarter, clockwise
    read = read_picture(encoded(tall, "PNG", exif=exif))
    assert read.size == (3, 2)
    assert [each[0] for each in np.asarray(read)[0]] == [160, 80, 0]


def test_sixteen_bits_are_scaled_and_not_cut_off():
    wide = Image.fromarray(np.array([[0, 0x7F00, 0xFF00]], dtype=np.uint16))
    assert np.asarray(read_picture(encoded(wide)))[0, :, 0].tolist() == [0, 0x7F, 0xFF]


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK"])
def test_every_mode_becomes_rgb(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert read_picture(encoded(RED.convert(mode), kind)).mode == "RGB"


def test_a_sliver_that_no_backbone_can_take_is_named_with_the_other_bad_images(tmp_path):
    sliver, torn = tmp_path / "sliver.png", tmp_path / "torn.png"
    Image.new("RGB", (900, 2)).save(sliver)
    torn.write_bytes(encoded(NOISE)[:600])
    backbone = tiny_backbone(tmp_path / "base", "qwen2_5_vl")
    with pytest.raises(UnreadableImagesError, match="2 images cannot be read") as caught:
        build_cache(tmp_path / "cache", [sliver, torn], backbone.fit_image)
    assert "sliver.png: absolute aspect ratio" in str(caught.value)


@pytest.fixture(scope="module")
def model(trained):
    return RewardModel.from_pretrained(trained.checkpoint)


def item(candidates, instruction="Make it red.", source=RED):
    return ScoreItem("i", instruction, source, candidates)


@pytest.mark.parametrize("pool", [1, 2, 100])
def test_pools_of_any_size_are_scored_in_their_order(model, pool):
    names = [f"c{number}" for number in range(pool)]
    (scores,) = model.score(items=[item(dict.fromkeys(names, RED))])
    assert [each.candidate_id for each in scores.candidates] == names
    assert len({round(each["overall_mean"], 4) for each in scores.candidates}) == 1
    assert best_of_n(scores=scores) == "c0"


def test_no_candidates_is_an_error_and_no_items_is_no_result(model):
    assert model.score(items=[]) == []
    with pytest.raises(ValueError, match="item 'i' has no candidates"):
        model.score(items=[item({})])
    with pytest.raises(ValueError, match="item 'i' has no candidates"):
        best_of_n(scores=ItemScores(item_id="i", candidates=()))
    with pytest.raises(ValueError, match="two candidates of one id"):
        ItemInputs("i", "x", RED, (("a", RED), ("a", RED)))


@pytest.mark.parametrize(
    "instruction", ["", "\0", "a\0b", "\u2028", "\U0001f600" * 50, "<|image_pad|>", "x" * 100_000]
)
@pytest.mark.parametrize("family", ["compact", "qwen3_vl"])
def test_any_text_is_scored(model, instruction, family, tmp_path):
    if family == "compact":
        (scores,) = model.score(items=[item({"a": RED}, instruction)])
        assert np.isfinite(scores["a"]["overall_mean"])
        return
    backbone = tiny_backbone(tmp_path, family, max_tokens=200_000)
    if len(instruction) > 1000:
        instruction = instruction[:1000]
    inputs = item({"a": RED}, instruction).open()
    assert backbone.score_hidden([backbone.prepare(inputs, RUBRIC)]).isfinite().all()


def test_half_a_character_is_refused(model):
    with pytest.raises(ValueError, match="instruction of item 'i' contains half a character"):
        model.score(items=[item({"a": RED}, "red \ud800")])


def test_an_instruction_longer_than_a_sequence_is_refused(tmp_path):
    backbone = tiny_backbone(tmp_path, "qwen2_5_vl", max_tokens=100)
    inputs = item({"a": RED}, "make it " * 300).open()
    with pytest.raises(ValueError, match=r"item 'i' has an instruction of \d+ tokens"):
        backbone.prepare(inputs, RUBRIC)


def test_an_unreadable_candidate_is_named_with_its_item(model):
    with pytest.raises(UnreadablePictureError, match="candidate 'b' of item 'i'"):
        model.score(items=[item({"a": RED, "b": b"nothing"})])


def test_a_picture_that_pillow_has_opened_is_turned_upright_too():
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    content = encoded(Image.new("RGB", (30, 20), "red"), "JPEG", exif=exif)
    with Image.open(io.BytesIO(content)) as opened:
        assert read_picture(opened).size == read_picture(content).size == (20, 30)
        assert opened.size == (30, 20)


def test_a_damaged_picture_that_pillow_has_opened_is_named_with_item_and_candidate(model):
    torn = Image.open(io.BytesIO(encoded(NOISE)[:600]))
    with pytest.raises(UnreadablePictureError, match=r"candidate 'b' of item 'i': .*truncated"):
        model.score(items=[item({"a": RED, "b": torn})])
    torn.close()


@pytest.mark.parametrize("instruction", [None, 3, b"Make it red."])
def test_an_instruction_that_is_no_text_is_named_with_its_item(model, instruction):
    with pytest.raises(TypeError, match="the instruction of item 'i' is not a text but"):
        model.score(items=[item({"a": RED}, instruction)])


@pytest.mark.parametrize("picture", [np.zeros((4, 4, 3), np.uint8), None, 7])
def test_what_is_no_picture_is_named_and_told_what_would_be_one(model, picture):
    told = r"candidate 'b' of item 'i': .* is not a path, encoded bytes or a PIL image"
    with pytest.raises(UnreadablePictureError, match=told):
        model.score(items=[item({"a": RED, "b": picture})])


@pytest.mark.parametrize("size", [(0, 5), (5, 0), (0, 0)])
def test_a_picture_without_pixels_is_refused(model, size):
    with pytest.raises(UnreadablePictureError, match=f"source of item 'i': {size[0]} × {size[1]}"):
        model.score(items=[item({"a": RED}, source=Image.new("RGB", size))])


def test_an_open_picture_has_the_limit_of_a_file(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_PIXELS", 16 * 16 - 1)
    for given in (RED, encoded(RED)):
        with pytest.raises(UnreadablePictureError, match=r"16 × 16 pixels; .* the limit is 255"):
            read_picture(given)
