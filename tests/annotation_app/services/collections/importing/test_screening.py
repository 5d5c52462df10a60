import io

import pytest
from PIL import Image as Picture

from annotation_app.enums import FlagKind, FlagSource
from annotation_app.models import Collection, Flag, Item
from annotation_app.services.collections.importing.running import import_items
from imaging.locations import has_gps
from tests.factories.files import item, make_folder, make_image

GPS = 0x8825


def photograph(*, place: bool) -> bytes:
    exif = Picture.Exif()
    exif[0x010F] = "Camera"
    if place:
        exif.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 0.0)})
    file = io.BytesIO()
    Picture.new("RGB", (12, 8), (9, 90, 200)).save(file, "JPEG", exif=exif)
    return file.getvalue()


def test_a_place_is_found_in_the_exif_only_where_there_is_one():
    assert has_gps(photograph(place=True))
    assert not has_gps(photograph(place=False))
    assert not has_gps(make_image())
    assert not has_gps(b"no image")


@pytest.mark.django_db
def test_an_import_flags_what_a_person_must_look_at(tmp_path, settings):
    settings.SCREENED_WORDS = ["blood"]
    folder = make_folder(
        tmp_path,
        [
            item("a", instruction="Write anna@example.org on the wall"),
            item("b", instruction="Paint the wall green"),
            item("c", instruction="Add blood to the wall", source_image="images/photo.jpg"),
        ],
    )
    (folder / "images" / "photo.jpg").write_bytes(photograph(place=True))
    collection = Collection.objects.create(name="Screened", slug="screened")
    summary = import_items(path=folder, collection=collection)
    assert summary.imported == 3
    flags = Flag.objects.filter(source=FlagSource.IMPORT).order_by("item__external_id", "kind")
    assert [(flag.item.external_id, flag.kind, flag.note) for flag in flags] == [
        ("a", FlagKind.PERSONAL_DATA, "email address"),
        ("c", FlagKind.PERSONAL_DATA, "GPS place in an image file"),
        ("c", FlagKind.UNSAFE, "blood"),
    ]
    assert not Item.objects.get(external_id="b").flags.exists()
