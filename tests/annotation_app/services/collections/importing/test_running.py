"""Imports as a whole: what arrives, what is refused, what a second run changes."""

import threading
from dataclasses import replace

import pytest
from django.db import connection

from annotation_app.models import AuditEvent, Candidate, Collection, Image, ImageOriginal, Item
from annotation_app.services.collections.importing import running
from annotation_app.services.collections.importing.running import ImportOptions, import_items
from tests.factories.files import (
    candidate,
    item,
    make_folder,
    make_image,
    pixel_bomb,
    zip_folder,
)

DRY = ImportOptions(dry_run=True)


def run(path, collection, **options):
    return import_items(path=path, collection=collection, **options)


def only_problem(summary):
    assert summary.failed + summary.conflicts == 1
    assert len(summary.problems) == 1, summary.problems
    return summary.problems[0]


def test_folder_becomes_items_candidates_and_images(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a", instruction="  Make it blue  ")])
    summary = run(folder, collection)
    assert (summary.imported, summary.candidates, summary.new_images) == (1, 2, 3)
    assert not summary.has_failures
    stored = Item.objects.get()
    assert (stored.external_id, stored.instruction) == ("a", "Make it blue")
    assert (stored.category, stored.source_dataset) == ("add", "hand-made")
    first, second = stored.candidates.order_by("id")
    assert (first.external_id, first.generator.name, first.seed) == ("a-1", "editor-1", 1)
    assert second.image.originals.get().name == "images/two.png"


def test_unknown_columns_are_kept_as_metadata(collection, tmp_path):
    extra = item("a", difficulty=3, tags=["x"])
    extra["candidates"][0]["steps"] = 50
    run(make_folder(tmp_path / "in", [extra]), collection)
    stored = Item.objects.get()
    assert stored.metadata == {"difficulty": 3, "tags": ["x"]}
    assert stored.candidates.get(external_id="a-1").metadata == {"steps": 50}


def test_same_import_again_changes_nothing(collection, tmp_path, stored_files):
    folder = make_folder(tmp_path / "in", [item("a", extra=1.5), item("b")])
    run(folder, collection)
    before = [list(model.objects.values()) for model in (Item, Candidate, Image, ImageOriginal)]
    again = run(folder, collection)
    assert (again.imported, again.unchanged, again.has_failures) == (0, 2, False)
    assert before == [
        list(model.objects.values()) for model in (Item, Candidate, Image, ImageOriginal)
    ]
    assert stored_files() == 6


def test_one_audit_event_tells_of_an_import_and_none_of_an_idle_one(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    run(folder, collection)
    run(folder, collection)
    event = AuditEvent.objects.get()
    assert (event.verb, event.object_id) == ("imported", str(collection.pk))
    assert event.data["imported"] == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"instruction": "Another"}, "instruction"),
        ({"category": "other"}, "category"),
        ({"note": "new"}, "metadata"),
        ({"source_image": "images/one.png"}, "source_image"),
        ({"candidates": [candidate("a-1", "images/one.png")]}, "candidates"),
        (
            {"candidates": [candidate("a-1", "images/two.png"), item("a")["candidates"][1]]},
            "image of a-1",
        ),
        (
            {"candidates": [candidate("a-1", "images/one.png", "m"), item("a")["candidates"][1]]},
            "model of a-1",
        ),
    ],
)
def test_changed_row_is_reported_and_not_altered(collection, tmp_path, change, field):
    run(make_folder(tmp_path / "in", [item("a")]), collection)
    before = list(Item.objects.values()), list(Candidate.objects.values())
    summary = run(make_folder(tmp_path / "in", [item("a", **change)]), collection)
    problem = only_problem(summary)
    assert (problem.code, problem.field, problem.line) == ("conflict", field, 1)
    assert before == (list(Item.objects.values()), list(Candidate.objects.values()))


def test_same_pixels_in_another_file_are_no_change(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    run(folder, collection)
    (folder / "images/one.png").write_bytes(make_image((40, 90, 200), kind="BMP"))
    assert run(folder, collection).unchanged == 1


def bad_rows(folder):
    """One bad row for each way in which rows are bad; the field, code and a word of the reason."""
    images = folder / "images"
    images.mkdir(parents=True)
    (images / "cut.jpg").write_bytes(make_image(size=(64, 64), kind="JPEG")[:-40])
    (images / "bomb.png").write_bytes(pixel_bomb())
    (images / "drawing.png").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'></svg>")
    (images / "page.png").write_bytes(b"<!doctype html><html><body>hi</body></html>")
    (images / "both.png").write_bytes(make_image() + b"<script>alert(1)</script>")
    (folder.parent / "secret.png").write_bytes(make_image())
    (images / "link.png").symlink_to(folder.parent / "secret.png")

    def shown(path):
        return {"source_image": path}

    return [
        (shown("images/none.png"), "source_image", "missing_file", "does not exist"),
        (shown("images"), "source_image", "missing_file", "does not exist"),
        (shown("images/cut.jpg"), "source_image", "truncated", "too early"),
        (shown("images/bomb.png"), "source_image", "too_large", "pixels"),
        (shown("images/drawing.png"), "source_image", "not_an_image", "SVG"),
        (shown("images/page.png"), "source_image", "not_an_image", "HTML"),
        (shown("images/both.png"), "source_image", "polyglot", "browser could run"),
        (shown("../secret.png"), "source_image", "path_outside", "leaves the folder"),
        (shown("images/../../secret.png"), "source_image", "path_outside", "leaves the folder"),
        (shown(str(folder.parent / "secret.png")), "source_image", "path_outside", "outside"),
        (shown("images/link.png"), "source_image", "path_outside", "outside"),
        (shown("https://example.org/a.png"), "source_image", "path_outside", "URL"),
        (shown("file:///etc/passwd"), "source_image", "path_outside", "URL"),
        (shown("..\\secret.png"), "source_image", "path_outside", "leaves the folder"),
        (shown("x" * 3000), "source_image", "missing_file", "does not exist"),
        (shown(""), "source_image", "missing_value", "empty"),
        (shown(7.5), "source_image", "wrong_type", "not name an image"),
        ({"instruction": " \n "}, "instruction", "missing_value", "empty"),
        ({"instruction": None}, "instruction", "missing_value", "empty"),
        ({"instruction": ["a"]}, "instruction", "wrong_type", "a list"),
        ({"instruction": "x" * 10_001}, "instruction", "too_long", "10,001"),
        ({"instruction": "a\x00b"}, "instruction", "bad_text", "NUL"),
        ({"instruction": "a\ud800b"}, "instruction", "bad_text", "incomplete"),
        ({"item_id": ""}, "item_id", "missing_value", "empty"),
        ({"note": "a\x00b"}, "", "too_long", "NUL"),
        ({"candidates": []}, "candidates", "missing_value", "none"),
        ({"candidates": {"a": 1}}, "candidates", "wrong_type", "list"),
        (
            {"candidates": [candidate("c", "images/one.png", seed="x")]},
            "candidates[0].seed",
            "wrong_type",
            "whole number",
        ),
        (
            {"candidates": [candidate("c", "images/one.png", seed=2**63)]},
            "candidates[0].seed",
            "wrong_type",
            "whole number",
        ),
        (
            {"candidates": [candidate("c", "images/one.png", "")]},
            "candidates[0].model",
            "missing_value",
            "empty",
        ),
        (
            {"candidates": [candidate("c", "images/one.png"), candidate("c", "images/two.png")]},
            "candidates[1].candidate_id",
            "duplicate_id",
            "another candidate",
        ),
        (
            {"candidates": [candidate("c", "images/one.png"), candidate("d", "nowhere.png")]},
            "candidates[1].image",
            "missing_file",
            "does not exist",
        ),
    ]


@pytest.mark.parametrize("dry_run", [True, False])
def test_every_bad_row_is_reported_with_line_field_and_reason_and_leaves_nothing(
    collection, tmp_path, stored_files, dry_run
):
    cases = bad_rows(tmp_path / "in")
    rows = [item(f"bad-{number}") | change for number, (change, *_) in enumerate(cases, start=1)]
    folder = make_folder(tmp_path / "in", [*rows, item("good")])
    summary = run(folder, collection, options=ImportOptions(dry_run=dry_run))
    found = {problem.line: problem for problem in summary.problems}
    assert summary.failed == summary.problem_count == len(cases)
    for line, (_, field, code, word) in enumerate(cases, start=1):
        problem = found[line]
        assert (problem.field, problem.code) == (field, code), problem
        assert word in problem.reason
        assert problem.remedy
        assert f"manifest.jsonl:{line}" in str(problem)
    assert summary.imported == 1
    names = list(Item.objects.values_list("external_id", flat=True))
    assert names == ([] if dry_run else ["good"])
    assert (Image.objects.count(), stored_files()) == ((0, 0) if dry_run else (3, 6))


def test_all_problems_of_a_row_are_reported_at_once(collection, tmp_path):
    row = item("a", instruction="", source_image="", candidates=[candidate("", "x.png")])
    summary = run(make_folder(tmp_path / "in", [row]), collection)
    assert summary.failed == 1
    assert [problem.field for problem in summary.problems] == [
        "instruction",
        "source_image",
        "candidates[0].candidate_id",
    ]


def test_all_bad_images_of_a_row_are_reported_at_once(collection, tmp_path):
    row = item("a", source_image="x.png", candidates=[candidate("c", "y.png")])
    summary = run(make_folder(tmp_path / "in", [row]), collection)
    assert [problem.field for problem in summary.problems] == [
        "source_image",
        "candidates[0].image",
    ]


def test_repeated_item_id_fails_the_second_row(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a"), item("b"), item("a", instruction="x")])
    summary = run(folder, collection)
    problem = only_problem(summary)
    assert (problem.line, problem.field, problem.code) == (3, "item_id", "duplicate_id")
    assert "line 1" in problem.reason
    assert Item.objects.get(external_id="a").instruction == "Do a"


def test_absolute_path_inside_the_folder_is_taken(collection, tmp_path):
    path = str(tmp_path / "in" / "images" / "one.png")
    folder = make_folder(tmp_path / "in", [item("a", source_image=path)])
    assert run(folder, collection).imported == 1


def test_dry_run_needs_no_collection_and_writes_nothing(db, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    assert run(folder, None, options=DRY).imported == 1
    assert not Item.objects.exists()
    assert not AuditEvent.objects.exists()


def test_dry_run_sees_what_is_there_already(collection, tmp_path):
    run(make_folder(tmp_path / "in", [item("a"), item("b")]), collection)
    changed = make_folder(tmp_path / "in", [item("a"), item("b", category="x"), item("c")])
    summary = run(changed, collection, options=DRY)
    assert (summary.unchanged, summary.conflicts, summary.imported) == (1, 1, 1)


def test_registered_originals_are_noted_and_stay(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    before = (folder / "images/one.png").read_bytes()
    run(folder, collection, options=ImportOptions(by_reference=True))
    original = ImageOriginal.objects.get(name="images/one.png")
    assert original.reference == str((folder / "images/one.png").resolve())
    assert (folder / "images/one.png").read_bytes() == before


def test_table_may_lie_elsewhere_than_its_images(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    table = (folder / "manifest.jsonl").rename(tmp_path / "table.jsonl")
    assert run(table, collection).failed == 1
    assert run(table, collection, options=ImportOptions(images=folder)).imported == 1


def test_interrupted_import_keeps_whole_items_and_goes_on(collection, tmp_path, stored_files):
    folder = make_folder(tmp_path / "in", [item(f"i{number}") for number in range(20)])

    def die_after_a_chunk(done, total, message):
        if done >= running.CHUNK:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(folder, collection, progress=die_after_a_chunk)
    assert Item.objects.count() == running.CHUNK
    assert Candidate.objects.count() == 2 * running.CHUNK
    assert AuditEvent.objects.get().data["imported"] == running.CHUNK
    rest = run(folder, collection)
    assert (rest.unchanged, rest.imported) == (running.CHUNK, 20 - running.CHUNK)
    assert Item.objects.count() == 20
    assert stored_files() == 6


def test_death_in_the_middle_of_an_item_leaves_nothing_of_it(
    collection, tmp_path, stored_files, monkeypatch
):
    folder = make_folder(tmp_path / "in", [item("a")])

    def die(*_args, **_options):
        raise MemoryError

    monkeypatch.setattr(Candidate.objects, "bulk_create", die)
    with pytest.raises(MemoryError):
        run(folder, collection)
    assert not Item.objects.exists()
    assert not Image.objects.exists()
    assert stored_files() == 0
    monkeypatch.undo()
    assert run(folder, collection).imported == 1


def test_import_stops_when_asked(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item(f"i{number}") for number in range(20)])
    answers = iter([False, True])
    summary = run(folder, collection, should_stop=lambda: next(answers))
    assert summary.stopped
    assert summary.imported == running.CHUNK


def test_progress_ends_at_the_number_of_rows(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item(f"i{number}") for number in range(10)])
    seen = []
    run(folder, collection, progress=lambda done, total, message: seen.append((done, total)))
    assert seen == [(0, 10), (8, 10), (10, 10)]


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_file_at_once_import_it_once(settings, tmp_path, stored_files):
    settings.MEDIA_ROOT = tmp_path / "media"
    collection = Collection.objects.create(name="Hand-made", slug="hand-made")
    folder = make_folder(
        tmp_path / "in",
        [item(f"i{number}", **mirrored(number)) for number in range(24)],
    )
    together, summaries = threading.Barrier(2, timeout=20), []

    def work():
        try:
            together.wait()
            summaries.append(run(folder, collection))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = summaries
    assert first.imported + second.imported == 24
    assert first.unchanged + second.unchanged == 24
    assert not first.has_failures
    assert not second.has_failures
    assert (Item.objects.count(), Candidate.objects.count()) == (24, 48)
    assert (Image.objects.count(), stored_files()) == (3, 6)


def mirrored(number):
    """Every other item names its images the other way round: the classic recipe of a deadlock."""
    if number % 2:
        return {}
    row = item(f"i{number}")
    names = ["images/two.png", "images/one.png"]
    return {
        "candidates": [
            part | {"image": name} for part, name in zip(row["candidates"], names, strict=True)
        ]
    }


def test_zip_gives_the_same_as_its_folder(collection, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    run(folder, collection)
    packed = zip_folder(folder, tmp_path / "in.zip", prefix="in/")
    assert run(packed, collection).unchanged == 1


def test_summary_lists_a_thousand_problems_and_counts_the_rest(db, tmp_path):
    folder = make_folder(tmp_path / "in", ["{"] * 1200)
    summary = run(folder, None, options=replace(DRY))
    assert (len(summary.problems), summary.problem_count, summary.failed) == (1000, 1200, 1200)


@pytest.mark.slow
def test_real_edits_arrive_whole(collection, shared_data):
    folder = shared_data / "real_edits"
    summary = run(folder, collection)
    assert (summary.imported, summary.candidates, summary.failed) == (22, 77, 0)
    # the folder holds 41 files, of which the manifest names 39, all of different pixels
    assert Image.objects.count() == summary.new_images == 39
    assert run(folder, collection).unchanged == 22
