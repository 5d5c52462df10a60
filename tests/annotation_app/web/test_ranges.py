"""Downloads in parts: what a client asks for is what it gets, or it is told why not."""

import io
import tarfile

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from annotation_app.web.ranges import Download, file_reader, send_download
from annotation_app.web.tarring import TarEntry, TarLayout

CONTENT = bytes(range(100))


def ask(tmp_path, method="get", **headers):
    file = tmp_path / "hundred"
    file.write_bytes(CONTENT)
    request = getattr(RequestFactory(), method)("/", headers=headers)
    download = Download("hundred.bin", 100, "tag", file_reader(file))
    answer = send_download(request, download)
    return answer, b"".join(answer) if answer.streaming else answer.content


def test_without_a_range_everything_is_sent_with_its_length_and_tag(tmp_path):
    answer, body = ask(tmp_path)
    assert (answer.status_code, body) == (200, CONTENT)
    assert answer["Content-Length"] == "100"
    assert answer["ETag"] == '"tag"'
    assert answer["Accept-Ranges"] == "bytes"
    assert "attachment" in answer["Content-Disposition"]


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-9", 0, 10),
        ("bytes=90-", 90, 100),
        ("bytes=-5", 95, 100),
        ("bytes=50-900", 50, 100),
    ],
)
def test_one_range_is_sent_as_a_part(tmp_path, asked, first, last):
    answer, body = ask(tmp_path, Range=asked)
    assert (answer.status_code, body) == (206, CONTENT[first:last])
    assert answer["Content-Range"] == f"bytes {first}-{last - 1}/100"


@pytest.mark.parametrize(
    "asked", ["bytes=5-2", "bytes=0-1,4-5", "bytes=-", "items=0-1", "bytes=-0"]
)
def test_a_range_that_is_not_understood_is_passed_over(tmp_path, asked):
    answer, body = ask(tmp_path, Range=asked)
    assert (answer.status_code, len(body)) == (200, 100)


def test_a_range_behind_the_end_is_refused(tmp_path):
    answer, _ = ask(tmp_path, Range="bytes=100-")
    assert (answer.status_code, answer["Content-Range"]) == (416, "bytes */100")


def test_a_part_of_other_content_is_not_sent(tmp_path):
    answer, body = ask(tmp_path, Range="bytes=0-9", **{"If-Range": '"older"'})
    assert (answer.status_code, len(body)) == (200, 100)
    answer, body = ask(tmp_path, Range="bytes=0-9", **{"If-Range": '"tag"'})
    assert (answer.status_code, len(body)) == (206, 10)


def test_what_the_client_has_already_is_not_sent_again(tmp_path):
    answer, body = ask(tmp_path, **{"If-None-Match": '"tag"'})
    assert (answer.status_code, body) == (304, b"")


def test_a_head_tells_the_length_and_sends_nothing(tmp_path):
    answer, body = ask(tmp_path, method="head")
    assert (answer["Content-Length"], body) == ("100", b"")


def layout(tmp_path, sizes):
    entries = []
    for number, size in enumerate(sizes):
        name = "d/" + "ü" * (60 * (number % 3)) + f"{number}"
        content = bytes([number]) * size
        path = tmp_path / f"file-{number}"
        path.write_bytes(content)
        entries.append(TarEntry(name, size, path if number % 2 else content))
    return entries, TarLayout(entries, modified=1_700_000_000)


def test_an_archive_opens_and_holds_every_member(tmp_path):
    entries, tar = layout(tmp_path, [0, 1, 511, 512, 513, 3000])
    whole = b"".join(tar.read(0, tar.size))
    assert len(whole) == tar.size
    with tarfile.open(fileobj=io.BytesIO(whole)) as opened:
        assert [one.name for one in opened] == [entry.name for entry in entries]
        assert [one.size for one in opened] == [0, 1, 511, 512, 513, 3000]
        member = opened.extractfile(entries[5].name)
        assert member is not None
        assert member.read() == bytes([5]) * 3000


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    _, tar = layout(tmp_path_factory.mktemp("tar"), [10, 0, 700, 1024])
    return tar, b"".join(tar.read(0, tar.size))


@given(data=st.data())
def test_any_part_of_an_archive_equals_that_part_of_the_whole(archive, data):
    tar, whole = archive
    first = data.draw(st.integers(0, tar.size))
    last = data.draw(st.integers(first, tar.size))
    assert b"".join(tar.read(first, last)) == whole[first:last]


@pytest.mark.parametrize("asked", ["bytes={}-", "bytes=0-{}", "bytes=-{}"])
def test_a_range_of_thousands_of_digits_is_as_none(tmp_path, asked):
    answer, body = ask(tmp_path, Range=asked.format("9" * 5000))
    assert (answer.status_code, body) == (200, CONTENT)
