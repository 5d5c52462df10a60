"""Scoring from the command line reads what imports read: the same items, the same images."""

import pytest

from analytics.tabular.items import ITEM_COLUMNS
from annotation_app.services.collections.importing import rows
from annotation_app.services.collections.importing.rows import FailedRow
from annotation_app.services.collections.importing.sources import open_source
from modeling.cli.manifest import read_items
from modeling.data import DataError, read_picture
from tests.factories.files import item, write_images
from tests.factories.manifests import FORMS

ITEMS = [item("a"), item("b") | {"instruction": 'Make it 5" taller,\nred; 改成红色'}, item("c")]


def of_the_site(path):
    with open_source(path) as source:
        for found in source.items():
            cells = [source.read_image(cell) for cell in found.cells()]
            names = tuple(candidate.candidate_id for candidate in found.candidates)
            yield found.item_id, found.texts["instruction"], names, cells


def of_the_model(path):
    for found in read_items(path):
        images = (found.source, *found.candidates.values())
        data = [each if isinstance(each, bytes) else each.read_bytes() for each in images]
        yield found.item_id, found.instruction, tuple(found.candidates), data


@pytest.mark.parametrize("form", FORMS)
def test_both_read_the_same_items_with_the_same_images(tmp_path, form):
    write_images(tmp_path / "in")
    path = FORMS[form](tmp_path / "in", ITEMS)
    found = list(of_the_model(path))
    assert [row[:3] for row in found] == [
        (name, one["instruction"], (f"{name}-1", f"{name}-2"))
        for name, one in zip("abc", ITEMS, strict=True)
    ]
    assert found == list(of_the_site(path))
    assert all(read_picture(data).size == (12, 8) for row in found for data in row[3])


@pytest.mark.parametrize("broken", range(1, 8))
def test_both_report_the_same_rows(tmp_path, broken):
    """A row of the long form with a stray quote, two cells too few, or one too many."""
    write_images(tmp_path / "in")
    path = FORMS["long csv"](tmp_path / "in", [item(name) for name in "abcd"]) / "manifest.csv"
    lines = path.read_text().splitlines()
    lines[broken] = ('"' + lines[broken], lines[broken].rsplit(",", 2)[0], "c,X" + lines[broken])[
        broken % 3
    ]
    path.write_text("\n".join(lines))
    with open_source(path) as source:
        failed = [row for row in source.items() if isinstance(row, FailedRow)]
    with pytest.raises(DataError) as caught:
        read_items(path)
    expected = [str(problem) for row in failed for problem in row.problems]
    assert [str(problem) for problem in caught.value.problems] == expected
    assert expected


def test_both_know_the_same_columns_of_an_item():
    assert {"item_id", "source_image", "candidates", *rows.ITEM_TEXTS} == ITEM_COLUMNS
