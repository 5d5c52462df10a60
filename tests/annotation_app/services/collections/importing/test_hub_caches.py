"""Snapshots of a Hugging Face cache, whose files are links, are imported like plain folders."""

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from annotation_app.services.collections.importing.running import ImportOptions, import_items
from tests.factories.archives import hub_cache, listing, three_images
from tests.factories.files import item, make_folder, make_image

FILES = {
    "manifest.jsonl": listing("img/s.png", "img/a.png", "b.png"),
    **dict(zip(("img/s.png", "img/a.png", "b.png"), three_images(), strict=True)),
}


def shards():
    """A data set of the hub: Parquet files with the images inside."""
    rows = [item("a")]
    rows[0]["source_image"] = {"bytes": make_image(), "path": "s.png"}
    for number, row in enumerate(rows[0]["candidates"]):
        row["image"] = {"bytes": make_image((number, 1, 2)), "path": None}
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), buffer)
    return {"data/train-00000-of-00001.parquet": buffer.getvalue(), "README.md": b"# Edits"}


@pytest.mark.parametrize("kind", ["datasets--lab--edits", "models--lab--edits"])
@pytest.mark.parametrize("files", [FILES, shards()], ids=["manifest", "parquet"])
def test_a_snapshot_is_read_through_its_links(collection, tmp_path, files, kind):
    summary = import_items(path=hub_cache(tmp_path, files, name=kind), collection=collection)
    assert summary.problems == []
    assert (summary.imported, summary.new_images) == (1, 3)


@pytest.mark.parametrize("level", ["", "..", "../.."], ids=["snapshot", "snapshots", "repository"])
def test_every_folder_of_the_cache_may_be_given(collection, tmp_path, level):
    summary = import_items(path=hub_cache(tmp_path, FILES) / level, collection=collection)
    assert (summary.imported, summary.problems) == (1, [])


def test_a_folder_below_a_snapshot_may_be_given(collection, tmp_path):
    below = {f"data/v1/{name}": data for name, data in FILES.items()}
    folder = hub_cache(tmp_path, below) / "data" / "v1"
    assert import_items(path=folder, collection=collection).imported == 1


def test_an_image_by_reference_is_noted_where_it_really_lies(collection, tmp_path):
    snapshot = hub_cache(tmp_path, FILES)
    import_items(path=snapshot, collection=collection, options=ImportOptions(by_reference=True))
    original = collection.items.get().source_image.originals.get()
    assert original.reference == str((snapshot / "img/s.png").resolve())


def relink(path, target):
    path.unlink()
    path.symlink_to(target)


def test_links_to_another_repository_are_refused_and_the_remedy_works(collection, tmp_path):
    snapshot = hub_cache(tmp_path, FILES)
    other = hub_cache(tmp_path, {"b.png": make_image()}, name="datasets--lab--other") / "b.png"
    relink(snapshot / "b.png", other.resolve())
    (problem,) = import_items(path=snapshot, collection=collection).problems
    assert problem.code == "path_outside"
    assert problem.reason == "The file “b.png” is a link that leads outside the folder."
    assert "cp -L" in problem.remedy
    data = (snapshot / "b.png").read_bytes()
    (snapshot / "b.png").unlink()
    (snapshot / "b.png").write_bytes(data)
    assert import_items(path=snapshot, collection=collection).imported == 1


def test_blobs_beside_a_folder_that_is_no_cache_stay_out_of_reach(collection, tmp_path):
    snapshot = hub_cache(tmp_path, FILES, name="elsewhere")
    with pytest.raises(Exception, match="link that leads outside"):
        import_items(path=snapshot, collection=collection)


def test_a_link_to_nothing_is_named_as_such(collection, tmp_path):
    snapshot = hub_cache(tmp_path, FILES)
    (snapshot / "b.png").resolve().unlink()  # an interrupted download
    (problem,) = import_items(path=snapshot, collection=collection).problems
    assert problem.code == "missing_file"
    assert "is a link to a file that does not exist" in problem.reason
    assert "download the data set again" in problem.remedy


def test_links_within_a_plain_folder_are_followed_and_others_refused(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a"), item("b", source_image="out.png")])
    (folder / "images" / "one.png").rename(folder / "kept.png")
    (folder / "images" / "one.png").symlink_to("../kept.png")
    (tmp_path / "secret.png").write_bytes(make_image())
    (folder / "out.png").symlink_to(tmp_path / "secret.png")
    summary = import_items(path=folder, collection=collection)
    assert summary.imported == 1
    assert [problem.code for problem in summary.problems] == ["path_outside"]


def test_a_link_to_a_folder_elsewhere_is_not_searched(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a", source_image="Out/S.PNG")])
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "s.png").write_bytes(make_image())
    (folder / "out").symlink_to(tmp_path / "other")
    (problem,) = import_items(path=folder, collection=collection).problems
    assert problem.code == "missing_file"
