"""Full disks, missing pictures and a database that is gone: sentences, and no half file."""

import errno
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from typing_extensions import override

from annotation_app.models import Image
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.collections.importing.staging import stage_upload
from annotation_app.storage import WholeFileStorage
from annotation_app.web.errors import FileGoneError, explain
from annotation_app.web.exports.files import _check_files
from annotation_app.web.tarring import TarEntry
from tests.factories.world import make_annotators, make_user, make_viewable_campaign


class Filling(ContentFile[bytes]):
    """A file whose second piece finds no room."""

    @override
    def chunks(self, chunk_size=None):
        yield b"the first piece"
        raise OSError(errno.ENOSPC, "No space left on device")


def files_below(folder):
    return [path for path in Path(folder).rglob("*") if path.is_file()]


def test_a_full_disk_leaves_no_half_file_and_a_second_try_stores_it(tmp_path):
    storage = WholeFileStorage(location=tmp_path)
    with pytest.raises(OSError, match="No space left"):
        storage.save("images/aa/one.webp", Filling(b""))
    assert files_below(tmp_path) == []
    assert storage.save("images/aa/one.webp", ContentFile(b"whole")) == "images/aa/one.webp"
    assert [path.read_bytes() for path in files_below(tmp_path)] == [b"whole"]


def test_a_name_that_is_taken_is_not_overwritten(tmp_path):
    storage = WholeFileStorage(location=tmp_path)
    first, second = (storage.save("a.webp", ContentFile(text)) for text in (b"1", b"2"))
    assert first != second
    assert {path.read_bytes() for path in files_below(tmp_path)} == {b"1", b"2"}


def test_an_upload_that_finds_no_room_is_taken_away(settings, tmp_path):
    settings.IMPORT_STAGING_ROOT = tmp_path
    upload = Filling(b"", name="items.csv")
    upload.size = 10
    with pytest.raises(OSError, match="No space left"):
        stage_upload(upload)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "disk is full"),
        (OSError(errno.EROFS, "Read-only file system"), "cannot read or write its files"),
        (OperationalError("connection refused"), "database is not responding"),
        (KeyError("a fault of ours"), None),
    ],
)
def test_causes_outside_the_program_have_a_sentence(error, words):
    sentence = explain(error)
    assert (sentence is None) if words is None else (words in sentence)


def test_a_full_disk_of_the_database_is_told_from_a_database_that_is_gone():
    error = OperationalError("could not extend file")
    error.__cause__ = psycopg.errors.DiskFull("could not extend file")
    assert "disk is full" in explain(error)


@pytest.fixture
def quiet():
    """A client that gets the answer to an error, as a browser does."""
    return Client(raise_request_exception=False)


def fail_with(error):
    def fail(*args, **kwargs):
        raise error

    return fail


@pytest.mark.django_db
def test_a_page_and_an_endpoint_say_that_the_disk_is_full(quiet, monkeypatch):
    user = make_user()
    quiet.force_login(user)
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr("annotation_app.web.home.views.campaign_places", fail_with(full))
    page = quiet.get(reverse("home"))
    assert page.status_code == 503
    assert page["Retry-After"] == "10"
    assert "The server&#x27;s disk is full" in page.content.decode()
    monkeypatch.setattr("annotation_app.api.rating.views.own_campaign", fail_with(full))
    answer = quiet.post(reverse("work-next", args=["any"]), {}, content_type="application/json")
    assert answer.status_code == 503
    assert "disk is full" in answer.json()["message"]


@pytest.mark.django_db
def test_a_database_that_is_gone_is_said_before_anybody_is_known(quiet, monkeypatch):
    quiet.force_login(make_user())
    monkeypatch.setattr(
        "django.contrib.sessions.backends.db.SessionStore.load",
        fail_with(OperationalError("connection refused")),
    )
    page = quiet.get(reverse("home"))
    assert page.status_code == 503
    assert "The database is not responding" in page.content.decode()


@pytest.mark.django_db
def test_a_fault_of_the_program_stays_a_500(quiet, monkeypatch):
    quiet.force_login(make_user())
    monkeypatch.setattr("annotation_app.web.home.views.campaign_places", fail_with(KeyError("x")))
    page = quiet.get(reverse("home"))
    assert page.status_code == 500
    assert "Something went wrong" in page.content.decode()


@pytest.mark.django_db
def test_a_picture_whose_file_is_gone_is_a_404_and_the_log_names_it(quiet, caplog):
    campaign = make_viewable_campaign(1, k=2)
    annotator = make_annotators(campaign, 1)[0]
    lease = lease_next_task(annotator=annotator, campaign=campaign, now=timezone.now())
    quiet.force_login(annotator)
    address = reverse("work-image", args=[lease.token, 0])
    assert len(quiet.get(address).getvalue()) > 0
    for name in Image.objects.values_list("file", flat=True):
        default_storage.delete(name)
    answer = quiet.get(address)
    assert answer.status_code == 404
    assert "file is no longer on the server" in answer.content.decode()
    assert "is gone: bring it back" in caplog.text


def test_an_archive_that_lacks_a_file_is_refused_before_its_first_byte(tmp_path):
    there = tmp_path / "there"
    there.write_bytes(b"1")
    entries = [TarEntry("top/there", 1, there), TarEntry("top/gone", 1, tmp_path / "gone")]
    _check_files(entries[:1])
    with pytest.raises(FileGoneError, match="no longer on the server: top/gone and 0 more"):
        _check_files(entries)


@pytest.mark.django_db
def test_an_address_that_names_nothing_is_answered_as_ever(quiet):
    quiet.force_login(make_user())
    page = quiet.get("/nowhere/")
    assert page.status_code == 404
    assert "This page does not exist" in page.content.decode()
