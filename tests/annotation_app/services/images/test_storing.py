"""One row for the same pixels, and no file without a row."""

import threading

import pytest
from django.core.files.storage import default_storage
from django.db import DatabaseError, connection, transaction

from annotation_app.models import Image, ImageOriginal
from annotation_app.services.images import storing
from annotation_app.services.images.preparing import prepare_image
from annotation_app.services.images.refusals import ImageRefusedError
from annotation_app.services.images.storing import store_image, store_prepared, written_files
from tests.factories.files import make_image


@pytest.fixture
def media(settings, tmp_path):
    """An empty storage of this test's own; gives the files in it."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return lambda: sorted(
        path.relative_to(settings.MEDIA_ROOT).as_posix()
        for path in settings.MEDIA_ROOT.rglob("*")
        if path.is_file()
    )


@pytest.mark.django_db
def test_image_is_kept_with_size_hashes_and_original(media):
    data = make_image(size=(12, 8))
    image = store_image(data=data, name="photo.png")
    assert (image.width, image.height, image.has_alpha, image.conversion) == (12, 8, False, "")
    assert image.pixel_sha256 == prepare_image(data).pixel_sha256
    assert image.file_bytes == default_storage.size(image.file)
    assert media() == sorted([image.file, image.thumbnail])
    original = image.originals.get()
    assert (original.name, original.reference) == ("photo.png", "")
    assert original.file_sha256 == prepare_image(data).file_sha256


@pytest.mark.django_db
def test_storage_names_say_nothing_of_the_file(media):
    image = store_image(data=make_image(), name="gpt-image-1_seed42.png")
    assert "gpt" not in image.file
    assert image.pixel_sha256[:8] not in image.file


@pytest.mark.django_db
def test_same_pixels_in_another_file_are_the_same_row_with_two_originals(media):
    first = store_image(data=make_image(kind="PNG"), name="a.png")
    second = store_image(data=make_image(kind="BMP"), name="b.bmp")
    again = store_image(data=make_image(kind="BMP"), name="c.bmp")
    assert first == second == again
    assert sorted(ImageOriginal.objects.values_list("name", flat=True)) == ["a.png", "b.bmp"]
    assert len(media()) == 2


@pytest.mark.django_db
def test_refused_file_leaves_nothing(media):
    with pytest.raises(ImageRefusedError):
        store_image(data=b"<svg/>", name="a.svg")
    assert not Image.objects.exists()
    assert media() == []


def store_and_fail():
    """Store an image in a transaction that fails afterwards."""
    with written_files() as written, transaction.atomic():
        store_prepared(prepared=prepare_image(make_image()), name="a.png", written=written)
        assert len(written) == 2
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")


@pytest.mark.django_db(transaction=True)
def test_failing_transaction_takes_its_files_with_it(media):
    with pytest.raises(DatabaseError):
        store_and_fail()
    assert not Image.objects.exists()
    assert media() == []


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_row_and_one_pair_of_files(media, monkeypatch):
    both_looked = threading.Barrier(2, timeout=20)
    insert = storing._insert

    def insert_together(prepared, written):
        both_looked.wait()
        return insert(prepared, written)

    monkeypatch.setattr(storing, "_insert", insert_together)
    found = []

    def work():
        try:
            found.append(store_image(data=make_image(), name="a.png").pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [Image.objects.get().pk] * 2
    assert len(media()) == 2
