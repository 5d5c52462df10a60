"""Paths as Windows, macOS and web tools write them find the one file that they can mean."""

import unicodedata

import pytest

from annotation_app.exceptions import InvalidInputError
from annotation_app.services.collections.importing.running import ImportOptions, import_items
from tests.factories.archives import listing, three_images
from tests.factories.files import zip_folder

NFC, NFD = (unicodedata.normalize(form, "Prüfung é") for form in ("NFC", "NFD"))


def lay_out(folder, paths, written):
    """A folder with images under `paths` and a manifest that names them as `written`."""
    for path, data in zip(paths, three_images(), strict=True):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    (folder / "manifest.jsonl").write_bytes(listing(*written))
    return folder


SPELLED = {
    "dot": ("img/{}.png", "./img/{}.png"),
    "backslash": ("img/{}.png", "img\\{}.png"),
    "dot and backslash": ("img/{}.png", ".\\img\\{}.png"),
    "composed on disk": (NFC + "/{}é.png", NFD + "/{}é.png"),
    "taken apart on disk": (NFD + "/{}é.png", NFC + "/{}é.png"),
    "case": ("Img/{}.PNG", "img/{}.png"),
    "percent": ("my images/{} 1.png", "my%20images/{}%201.png"),
    "percent of UTF-8": ("图/{}.png", "%E5%9B%BE/{}.png"),
    "percent that is meant": ("img/{}%20.png", "img/{}%20.png"),
    "colon": ("img/shot: {}.png", "img/shot: {}.png"),
    "colon at the top": ("shot:{}.png", "shot:{}.png"),
    "two dots within": ("img/{}.png", "other/../img/{}.png"),
    "name with two dots": ("..img/{}.png", "..img/{}.png"),
    "unpacked as CP437": ("图片/{}.png".encode("gbk").decode("cp437"), "图片/{}.png"),
    "backslash in a name": ("a\\b{}.png", "a\\b{}.png"),
}


UNPACKED = "unpacked as CP437"  # an archive of it marks the names as UTF-8: they are what they say
FORMS = [(name, False) for name in SPELLED] + [(name, True) for name in SPELLED if name != UNPACKED]


@pytest.mark.parametrize(("spelled", "packed"), FORMS)
def test_paths_are_found_however_they_are_spelled(collection, tmp_path, spelled, packed):
    names = ("source", "one", "two")
    on_disk, written = ([form.format(name) for name in names] for form in SPELLED[spelled])
    path = lay_out(tmp_path / "in", on_disk, written)
    if packed:
        path = zip_folder(path, tmp_path / "in.zip")
    summary = import_items(path=path, collection=collection)
    assert summary.problems == []
    assert (summary.imported, summary.new_images) == (1, 3)


def test_a_spelling_finds_its_file_also_from_a_table_below_a_top_folder(collection, tmp_path):
    lay_out(tmp_path / "in", ["Img/s.png", "Img/a.png", "Img/b.png"], [
        "..\\Top\\img\\s.png", "img/a.png", ".\\img\\b.png"
    ])  # fmt: skip
    archive = zip_folder(tmp_path / "in", tmp_path / "in.zip", prefix="Top/")
    assert import_items(path=archive, collection=collection).problems == []


def test_the_exact_name_is_taken_before_one_like_it(collection, tmp_path):
    folder = lay_out(tmp_path / "in", ["s.png", "a.png", "b.png"], ["s.png", "A.PNG", "b.png"])
    (folder / "A.PNG").write_bytes(three_images()[0])
    summary = import_items(path=folder, collection=collection)
    assert (summary.imported, summary.new_images) == (1, 2)  # A.PNG shows what s.png does


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
def test_a_path_that_may_mean_two_files_is_refused_with_both(collection, tmp_path, packed):
    folder = lay_out(tmp_path / "in", ["s.png", "a.png", "b.png"], ["s.png", "A.png", "b.png"])
    (folder / "a.PNG").write_bytes(three_images()[0])
    path = zip_folder(folder, tmp_path / "in.zip") if packed else folder
    (problem,) = import_items(path=path, collection=collection).problems
    assert problem.code == "missing_file"
    assert "“a.PNG”" in problem.reason
    assert "“a.png”" in problem.reason
    (folder / "manifest.jsonl").write_bytes(listing("s.png", "a.png", "b.png"))  # as advised
    path = zip_folder(folder, tmp_path / "in.zip") if packed else folder
    assert import_items(path=path, collection=collection).imported == 1


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "zip"])
@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("C:\\Pictures\\a.png", "begins with a Windows drive letter"),
        ("c:/Pictures/a.png", "begins with a Windows drive letter"),
        ("file:///srv/elsewhere/a.png", "is a URL"),
        ("https://example.org/a.png", "is a URL"),
        ("/srv/elsewhere/a.png", "leads outside"),
        ("\\\\server\\share\\a.png", "leads outside"),
        ("..\\..\\img\\a.png", "leaves the folder with"),
        ("a\x00.png", "is not a text"),
    ],
)
@pytest.mark.parametrize("prefix", ["", "top/"])
def test_paths_that_count_from_elsewhere_are_refused_with_the_true_reason(
    collection, tmp_path, written, reason, packed, prefix
):
    folder = tmp_path / "in"
    lay_out(folder / prefix, ["s.png", "a.png", "b.png"], ["s.png", written, "b.png"])
    path = zip_folder(folder, tmp_path / "in.zip") if packed else folder
    (problem,) = import_items(path=path, collection=collection).problems
    assert reason in problem.reason
    assert problem.field == "candidates[0].image"


@pytest.mark.parametrize("written", ["%2e%2e/secret.png", "%2Fetc/hostname", "a%00.png", "%zz.png"])
def test_percent_signs_lead_nowhere_else(collection, tmp_path, written):
    folder = lay_out(tmp_path / "in", ["s.png", "a.png", "b.png"], ["s.png", written, "b.png"])
    (tmp_path / "secret.png").write_bytes(three_images()[0])
    (problem,) = import_items(path=folder, collection=collection).problems
    assert problem.code == "missing_file"


def test_a_file_found_by_another_spelling_stays_where_it_really_lies(collection, tmp_path):
    folder = lay_out(tmp_path / "in", ["S.png", "A.png", "B.png"], ["s.png", "a.png", "b.png"])
    options = ImportOptions(by_reference=True)
    import_items(path=folder, collection=collection, options=options)
    original = collection.items.get().source_image.originals.get()
    assert original.reference == str((folder / "S.png").resolve())


def test_two_folders_side_by_side_are_not_passed_over_in_silence(collection, tmp_path):
    for name in ("first", "second"):
        lay_out(tmp_path / "in" / name, ["s.png", "a.png", "b.png"], ["s.png", "a.png", "b.png"])
    with pytest.raises(InvalidInputError, match=r"first/manifest\.jsonl, second/"):
        import_items(path=tmp_path / "in", collection=collection)
    assert import_items(path=tmp_path / "in" / "first", collection=collection).imported == 1
