"""A model sees exactly the pixels that a rater saw, whatever file both were given."""

import io
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from annotation_app.services.images.preparing import prepare_image
from annotation_app.services.images.refusals import ImageRefusedError
from imaging.background import flatten
from modeling.data import UnreadablePictureError, read_picture
from tests.factories.files import encode
from tests.factories.profiles import swapped_profile
from tests.imaging.corpus import ANIMATING, ORIENTATION, PROFILING, TURNING, image_files, torn_files

WHOLE = dict(image_files())
TORN = dict(torn_files())
REAL = Path(os.environ.get("SHARED_DATA", "../shared/data")) / "real_edits"
PICTURES = {".png", ".jpg", ".jpeg", ".webp"}


def rater_sees(data):
    """The served copy, decoded as a browser does and laid on the grey; None where it is refused."""
    try:
        prepared = prepare_image(data)
    except ImageRefusedError:
        return None
    with Pillow.open(io.BytesIO(prepared.encoded)) as copy:
        copy.load()
        return copy.size, flatten(copy).tobytes()


def model_sees(data):
    """The RGB pixels that a model is given; None where it is refused."""
    try:
        picture = read_picture(data)
    except UnreadablePictureError:
        return None
    return picture.size, picture.tobytes()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
@pytest.mark.parametrize("name", WHOLE)
def test_whole_files_look_the_same(name):
    assert model_sees(WHOLE[name]) == rater_sees(WHOLE[name])


def test_most_of_the_whole_files_are_shown_at_all():
    refused = {name for name, data in WHOLE.items() if rater_sees(data) is None}
    assert refused == {
        "TIFF of F",
        "TIFF of I",
        "TIFF of LAB",
        "16 bits, type 0, clear 0007",
        "16 bits, type 0, clear 7f00",
        "16 bits, type 2, clear 000000000000",
        "16 bits, type 2, clear 123412341234",
    }


@pytest.mark.parametrize("name", TORN)
def test_torn_files_are_refused_by_both_or_look_the_same(name):
    assert model_sees(TORN[name]) == rater_sees(TORN[name])


@pytest.mark.parametrize("name", [name for name in WHOLE if "turn 6" in name or "swapped" in name])
def test_the_model_reads_the_served_copy_as_it_reads_the_file(name):
    """A data set that is exported holds the copies; a manifest of one's own holds the files."""
    copy = prepare_image(WHOLE[name]).encoded
    assert model_sees(copy) == model_sees(WHOLE[name]) is not None


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "I;16"])
def test_an_image_in_memory_looks_as_its_file_does(mode):
    data = WHOLE[f"TIFF of {mode}"]
    with Pillow.open(io.BytesIO(data)) as opened:
        assert model_sees(opened) == rater_sees(data) is not None


@st.composite
def built_files(draw):
    """A small picture of any mode, format, turn and profile that Pillow can write.

    Without tiny animations of AVIF, on some of which its encoder crashes; larger ones are above.
    """
    kind = draw(st.sampled_from(["PNG", "JPEG", "WEBP", "TIFF", "AVIF", "GIF", "BMP"]))
    width, height = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    content = draw(st.binary(min_size=width * height * 4, max_size=width * height * 4))
    image = Pillow.frombytes("RGBA", (width, height), content)
    modes = {"JPEG": ("L", "RGB", "CMYK"), "TIFF": ("L", "LA", "P", "RGB", "RGBA", "CMYK")}
    mode = draw(st.sampled_from(modes.get(kind, ("L", "P", "RGB", "RGBA"))))
    options = {}
    if kind in TURNING:
        exif = Pillow.Exif()
        exif[ORIENTATION] = draw(st.integers(0, 9))
        options["exif"] = exif
    if kind in PROFILING and draw(st.booleans()):
        options["icc_profile"] = swapped_profile()
    if kind in ANIMATING and kind != "AVIF" and draw(st.booleans()):
        options |= {"save_all": True, "append_images": [image.convert(mode).rotate(180)]}
    return encode(image.convert(mode), kind, **options)


@given(built_files())
@settings(max_examples=150, deadline=None)
def test_any_built_file_looks_the_same(data):
    assert model_sees(data) == rater_sees(data) is not None


@given(
    st.sampled_from(sorted(WHOLE)),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=4),
)
@settings(max_examples=200, deadline=None)
@pytest.mark.filterwarnings("ignore")  # what Pillow says of foreign notes is not the subject here
def test_any_changed_file_is_refused_by_both_or_looks_the_same(name, changes):
    data = bytearray(WHOLE[name])
    for position, value in changes:
        data[position % len(data)] = value
    seen = rater_sees(bytes(data))
    # The site alone refuses a file that is another file too: raters see none of it.
    assert seen is None or model_sees(bytes(data)) == seen


@pytest.mark.skipif(not REAL.is_dir(), reason="SHARED_DATA names no folder with real_edits")
def test_real_edits_look_the_same():
    paths = sorted(path for path in REAL.rglob("*") if path.suffix.lower() in PICTURES)
    assert len(paths) >= 41
    for path in paths:
        data = path.read_bytes()
        assert model_sees(path) == model_sees(data) == rater_sees(data) is not None, path
