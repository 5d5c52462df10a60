"""Archives of strangers: one hostile member condemns the whole, and nothing is unpacked."""

import pytest

from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Item
from annotation_app.services.collections.importing.running import import_items
from tests.factories.archives import link_entry
from tests.factories.files import item, make_folder, zip_entries, zip_folder

LINE = b'{"item_id": "a"}\n'


@pytest.mark.parametrize(
    ("entry", "data", "word"),
    [
        ("../evil.png", b"x", "outside"),
        ("a/../../evil.png", b"x", "outside"),
        ("/etc/passwd", b"x", "outside"),
        ("C:/windows/evil.png", b"x", "outside"),
        ("..\\evil.png", b"x", "outside"),
        (link_entry("images/link.png"), b"/etc/passwd", "link"),
        ("bomb.png", bytes(50_000_000), "200 times"),
        ("./manifest.jsonl", LINE, "twice"),
    ],
)
def test_hostile_archive_is_refused_whole(collection, tmp_path, entry, data, word):
    archive = zip_entries(tmp_path / "in.zip", [("manifest.jsonl", LINE), (entry, data)])
    with pytest.raises(InvalidInputError, match=word):
        import_items(path=archive, collection=collection)
    assert not Item.objects.exists()


def test_archive_that_unpacks_to_too_much_is_refused(collection, tmp_path, settings):
    settings.UPLOAD_MAX_BYTES = 1000
    entries = [("manifest.jsonl", LINE), *((f"{number}.txt", bytes(200)) for number in range(6))]
    with pytest.raises(InvalidInputError, match="unpacks to"):
        import_items(path=zip_entries(tmp_path / "in.zip", entries), collection=collection)


def test_encrypted_archive_is_refused(collection, tmp_path):
    archive = zip_entries(tmp_path / "in.zip", [("manifest.jsonl", LINE)])
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1  # the flag in the central directory
    archive.write_bytes(bytes(data))
    with pytest.raises(InvalidInputError, match="encrypted"):
        import_items(path=archive, collection=collection)


def test_file_that_is_no_archive_is_refused(collection, tmp_path):
    path = tmp_path / "in.zip"
    path.write_bytes(b"no archive")
    with pytest.raises(InvalidInputError, match="not a readable ZIP"):
        import_items(path=path, collection=collection)


def test_path_out_of_the_archive_fails_its_row_alone(collection, tmp_path):
    rows = [item("a", source_image="/etc/hostname"), item("b", source_image="../x.png"), item("c")]
    archive = zip_folder(make_folder(tmp_path / "in", rows), tmp_path / "in.zip")
    summary = import_items(path=archive, collection=collection)
    assert [problem.code for problem in summary.problems] == ["path_outside"] * 2
    assert summary.imported == 1


def test_damaged_member_fails_its_row_alone(collection, tmp_path):
    archive = zip_folder(
        make_folder(tmp_path / "in", [item("a"), item("b", source_image="images/one.png")]),
        tmp_path / "in.zip",
    )
    data = bytearray(archive.read_bytes())
    data[data.index(b"images/source.png") + 60] ^= 0xFF  # stored uncompressed: the checksum tells
    archive.write_bytes(bytes(data))
    summary = import_items(path=archive, collection=collection)
    (problem,) = summary.problems
    assert (problem.item_id, problem.code) == ("a", "damaged")
    assert summary.imported == 1
