"""The first hour: files as each writer leaves them, through the whole import.

Every row is a writer, its source image, and what becomes of it: the note on how it was converted,
or the reason of a refusal with words of its remedy. The details are tested beside each module.
"""

import zlib

import pytest
from PIL import Image as Pillow

from annotation_app.services.collections.importing.running import import_items
from tests.factories.archives import listing, three_images
from tests.factories.files import encode, make_image
from tests.factories.pictures import bmp, film, motion_photo, noise, text_chunk, with_chunks

PNG = encode(noise())
ONE, TWO = three_images()[1:]

READ = {
    "ComfyUI, a long workflow": with_chunks(
        PNG, text_chunk(b"zTXt", b"\x00" + zlib.compress(b"<body>" * 400_000))
    ),
    "A1111, a prompt with markup": with_chunks(PNG, text_chunk(b"tEXt", b"a <script of fog")),
    "Windows Paint, flat BMP": encode(Pillow.new("RGB", (900, 700), "white"), "BMP"),
    "Windows, top-down BMP": bmp(32, [bytes(20)] * 3, is_top_down=True),
    "Windows Snipping Tool, older picture behind": PNG + PNG[50:],
    "Android, motion photo": motion_photo(noise()),
    "iPhone, Most Compatible": encode(noise(), "MPO", save_all=True, append_images=[noise()]),
    "Photoshop, CMYK JPEG": encode(noise("CMYK"), "JPEG"),
    "Chrome, AVIF": encode(noise(), "AVIF"),
    "ImageMagick, BigTIFF": encode(noise(), "TIFF", big_tiff=True),
    "GIMP, grey with alpha": encode(noise("LA")),
    "pandas, plain PNG": make_image(),
}
REFUSED = {
    "iPhone, High Efficiency": (
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        "a HEIC photo",
        "Most Compatible",
    ),
    "Hugging Face, no git lfs": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n",
        "a pointer of Git LFS",
        "git lfs pull",
    ),
    "browser, the page was saved": (b"<!doctype html><html>", "an HTML page", "the picture itself"),
    "phone, a film": (film(), "a video", "Save the frame"),
    "Illustrator, SVG": (b"<svg xmlns='x'/>", "an SVG drawing", "Export it as PNG"),
    "interrupted download": (PNG[:-30], "ends too early", "download the file again"),
}


def lay_out(folder, source):
    folder.mkdir(exist_ok=True)
    (folder / "manifest.jsonl").write_bytes(listing("s", "a", "b"))
    for name, data in zip("sab", (source, ONE, TWO), strict=True):
        (folder / name).write_bytes(data)
    return folder


@pytest.mark.parametrize("writer", READ)
def test_good_files_of_every_writer_are_read(collection, tmp_path, writer):
    summary = import_items(path=lay_out(tmp_path / "in", READ[writer]), collection=collection)
    assert summary.problems == []
    assert summary.new_images == 3


@pytest.mark.parametrize("writer", REFUSED)
def test_what_is_refused_is_named_with_a_remedy_that_works(collection, tmp_path, writer):
    data, reason, remedy = REFUSED[writer]
    (problem,) = import_items(path=lay_out(tmp_path / "in", data), collection=collection).problems
    assert reason in problem.reason
    assert remedy in problem.remedy
    done = import_items(path=lay_out(tmp_path / "in", PNG), collection=collection)  # as advised
    assert (done.imported, done.problems) == (1, [])
