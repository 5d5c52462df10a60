"""Archives as Windows, macOS, phones and old archivers pack them: read, or named for what they are.

Where one is refused, what its remedy advises is done too, and must work.
"""

import gzip
import io
import os
import tarfile
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image as Pillow
from typing_extensions import override

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.collections.importing.running import import_items
from tests.factories.archives import (
    UTF8_FLAG,
    link_entry,
    listing,
    patch_headers,
    raw_name,
    three_images,
)
from tests.factories.files import encode, item, make_folder, zip_entries, zip_folder

FAULTS = Path(os.environ.get("SHARED_DATA", Path(__file__).parents[6] / "shared" / "data"))
PATHS = ("img/s.png", "img/a.png", "img/b.png")
FLAGS = {"local": 6, "central": 8}
METHOD = {"local": 8, "central": 10}


def pack(path, entries, **options):
    with zipfile.ZipFile(path, "w", **options) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return path


def entries_of(paths=PATHS, written=None, manifest="manifest.jsonl"):
    return [
        (manifest, listing(*(written or paths))),
        *zip(paths, three_images(), strict=True),
    ]


def assert_read(path, collection):
    summary = import_items(path=path, collection=collection)
    assert summary.problems == []
    assert (summary.imported, summary.new_images) == (1, 3)


def test_a_windows_archive_with_backslashes_is_read(collection, tmp_path):
    windows = [(raw_name(name.replace("/", "\\").encode()), data) for name, data in entries_of()]
    folders = [(raw_name(b"img\\"), b""), *windows]
    assert_read(pack(tmp_path / "in.zip", folders), collection)


def test_the_archive_that_showed_the_fault_is_read(collection):
    path = FAULTS / "faults" / "backslash.zip"
    if not path.is_file():
        pytest.skip("needs backslash.zip of the shared data")
    summary = import_items(path=path, collection=collection)
    assert (summary.imported, summary.candidates, summary.problems) == (1, 2, [])


@pytest.mark.parametrize(
    ("encoding", "folder"),
    [
        ("gbk", "图片"),
        ("gbk", "一昞"),  # its last byte is that of a backslash
        ("cp932", "画像表"),  # so is this one's
        ("big5", "成功"),
        ("cp949", "그림"),
        ("cp437", "Müller é"),
        ("cp850", "Ã tamanho"),
        ("cp1252", "Œuvre"),
        ("utf-8", "图片é"),  # macOS sets no mark
    ],
)
@pytest.mark.parametrize("at_top", [True, False])
def test_names_without_a_mark_are_read_in_the_encoding_of_the_manifest(
    collection, tmp_path, encoding, folder, at_top
):
    above = "" if at_top else f"{folder}/"
    paths = tuple(f"{folder}/{name}{folder}.png" for name in "sab")
    entries = [
        (raw_name(f"{above}{name}".encode(encoding)), data)
        for name, data in entries_of(paths, manifest="manifest.jsonl")
    ]
    assert_read(pack(tmp_path / "in.zip", entries), collection)


def test_the_unicode_path_of_info_zip_is_read(collection, tmp_path):
    entries = []
    for name, data in entries_of(("图/s.png", "图/a.png", "图/b.png")):
        raw = name.encode() if name.isascii() else b"\x80-" + name[-5:].encode()
        entry = raw_name(raw)
        field = b"\x01" + zlib.crc32(raw).to_bytes(4, "little") + name.encode()
        if not name.isascii():
            entry.extra = b"\x75\x70" + len(field).to_bytes(2, "little") + field
        entries.append((entry, data))
    assert_read(pack(tmp_path / "in.zip", entries), collection)


def test_what_macos_and_windows_leave_beside_the_files_is_passed_over(collection, tmp_path):
    beside = [
        ("__MACOSX/top/._manifest.jsonl", b"\x00\x05\x16\x07"),
        ("__MACOSX/manifest.jsonl", b"noise"),
        ("top/.DS_Store", b"Bud1"),
        ("top/img/Thumbs.db", b"\xd0\xcf"),
        ("top/desktop.ini", b"[x]"),
        ("top/._shard.parquet", b"\x00\x05\x16\x07"),
    ]
    below = [(f"top/{name}", data) for name, data in entries_of()]
    assert_read(pack(tmp_path / "in.zip", [*beside, *below]), collection)


@pytest.mark.parametrize("method", ["ZIP_STORED", "ZIP_DEFLATED", "ZIP_BZIP2", "ZIP_LZMA"])
def test_every_method_that_can_be_unpacked_is_read(collection, tmp_path, method):
    entries = entries_of()
    path = pack(tmp_path / "in.zip", entries, compression=getattr(zipfile, method))
    assert_read(path, collection)


def test_a_zip64_archive_with_data_descriptors_is_read(collection, tmp_path):
    class Pipe(io.RawIOBase):  # cannot seek, so that sizes follow the data
        def __init__(self, file):
            self._file = file

        @override
        def writable(self):
            return True

        @override
        def write(self, data):
            return self._file.write(data)

    path = tmp_path / "in.zip"
    with path.open("wb") as file, zipfile.ZipFile(Pipe(file), "w") as archive:
        for name, data in entries_of():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    with zipfile.ZipFile(path) as archive:
        assert all(member.flag_bits & 8 for member in archive.infolist())
    assert_read(path, collection)


@pytest.mark.parametrize(
    ("method", "named"),
    [(9, "Deflate64"), (93, "Zstandard"), (95, "XZ"), (98, "PPMd"), (77, "method 77")],
)
def test_other_methods_are_named_and_the_remedy_works(collection, tmp_path, method, named):
    path = patch_headers(pack(tmp_path / "in.zip", entries_of()), **METHOD, value=method)
    with pytest.raises(
        InvalidInputError, match=f"is compressed with {named}.* usual method, Deflate"
    ):
        import_items(path=path, collection=collection)
    assert_read(pack(path, entries_of(), compression=zipfile.ZIP_DEFLATED), collection)


@pytest.mark.parametrize("flag", [0x1, 0x41, 0x2001])
def test_encrypted_archives_are_named_and_the_remedy_works(collection, tmp_path, flag):
    path = patch_headers(pack(tmp_path / "in.zip", entries_of()), **FLAGS, value=flag)
    with pytest.raises(InvalidInputError, match=r"is encrypted\. .* without a password"):
        import_items(path=path, collection=collection)
    assert_read(patch_headers(path, **FLAGS, value=UTF8_FLAG), collection)


def test_links_in_an_archive_are_named_and_the_remedy_works(collection, tmp_path):
    entries = entries_of()
    linked = [(link_entry(name) if name == "img/a.png" else name, data) for name, data in entries]
    with pytest.raises(InvalidInputError, match=r"is a link\. .*zip without -y"):
        import_items(path=zip_entries(tmp_path / "in.zip", linked), collection=collection)
    assert_read(zip_entries(tmp_path / "in.zip", entries), collection)


def gzipped(folder, path):
    path.write_bytes(gzip.compress(tarred(folder, path.with_suffix(".x")).read_bytes()))
    return path


def tarred(folder, path):
    with tarfile.open(path, "w") as archive:
        archive.add(folder, ".")
    return path


def head(magic):
    def write(folder, path):
        path.write_bytes(magic + bytes(400))
        return path

    return write


@pytest.mark.parametrize(
    ("suffix", "write", "named"),
    [
        (".tar", tarred, "a tar archive"),
        (".tar.gz", gzipped, "a gzip archive"),
        (".tgz", gzipped, "a gzip archive"),
        (".rar", head(b"Rar!\x1a\x07\x01\x00"), "a RAR archive"),
        (".7z", head(b"7z\xbc\xaf\x27\x1c"), "a 7-Zip archive"),
        (".tar.xz", head(b"\xfd7zXZ\x00"), "an xz archive"),
        (".tar.zst", head(b"\x28\xb5\x2f\xfd"), "a Zstandard archive"),
    ],
)
@pytest.mark.parametrize("called_zip", [False, True])
def test_other_archives_are_named_and_the_remedy_works(
    collection, tmp_path, suffix, write, named, called_zip
):
    folder = make_folder(tmp_path / "plain", [item()])
    path = write(folder, tmp_path / f"in{'.zip' if called_zip else suffix}")
    with pytest.raises(InvalidInputError, match=f"is {named}, not a ZIP archive. Unpack it and"):
        import_items(path=path, collection=collection)
    assert_read(zip_folder(folder, tmp_path / "packed.zip"), collection)


def test_an_incomplete_archive_is_named_as_such(collection, tmp_path):
    path = pack(tmp_path / "in.zip", entries_of())
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])
    with pytest.raises(InvalidInputError, match=r"incomplete or damaged .* upload it again"):
        import_items(path=path, collection=collection)
    path.write_bytes(whole)
    assert_read(path, collection)


def test_a_part_of_a_split_archive_is_named_as_such(collection, tmp_path):
    path = tmp_path / "in.zip"
    end = b"PK\x05\x06" + (2).to_bytes(2, "little") * 2 + bytes(14)
    path.write_bytes(b"the rest of the data" + end)
    with pytest.raises(InvalidInputError, match="one part of an archive in several parts"):
        import_items(path=path, collection=collection)


def test_a_damaged_table_is_named(collection, tmp_path):
    path = pack(tmp_path / "in.zip", entries_of())
    data = bytearray(path.read_bytes())
    data[data.index(b"item_id") + 1] ^= 1
    path.write_bytes(bytes(data))
    with pytest.raises(InvalidInputError, match=r"manifest.jsonl cannot be read to its end"):
        import_items(path=path, collection=collection)


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_flat_pictures_that_are_stored_without_packing_are_no_bombs(collection, tmp_path, packing):
    flat = [encode(Pillow.new("RGB", (900, 700), (level, 9, 9)), "BMP") for level in range(3)]
    names = ("s.bmp", "a.bmp", "b.bmp")
    entries = [("manifest.jsonl", listing(*names)), *zip(names, flat, strict=True)]
    path = pack(tmp_path / "in.zip", entries, compression=packing)
    with zipfile.ZipFile(path) as archive:  # 900 × 700 × 3 bytes of one colour
        assert all(one.file_size > 200 * one.compress_size for one in archive.infolist()[1:])
    assert_read(path, collection)


def test_a_bomb_that_begins_like_a_picture_is_refused(collection, tmp_path, settings):
    settings.IMAGE_MAX_PIXELS = 500_000
    entries = [*entries_of(), ("bomb.bmp", b"BM" + bytes(4_000_001))]
    with pytest.raises(InvalidInputError, match="unpacks to over 200 times its size"):
        import_items(path=pack(tmp_path / "in.zip", entries, compression=8), collection=collection)
    entries = [("manifest.jsonl", listing("bomb.bmp", *PATHS[1:])), *entries[1:4]]
    entries.append(("bomb.bmp", b"BM" + bytes(3_000_000)))
    path = pack(tmp_path / "in.zip", entries, compression=8)
    (problem,) = import_items(path=path, collection=collection).problems
    assert (problem.field, problem.code) == ("source_image", "damaged")
