"""Scoring from the command line reads what imports read: the same items, the same images."""

import pytest

from analytics.tabular.items import ITEM_COLUMNS
from annotation_app.services.importing import rows
from annotation_app.services.importing.sources import open_source
from modeling.cli.manifest import read_items
from modeling.data import read_picture
from tests.factories.files import item, write_images
from tests.factories.manifests import EVER_TAKEN, FORMS

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


@pytest.mark.parametrize("form", EVER_TAKEN)
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


def test_both_know_the_same_columns_of_an_item():
    assert ITEM_COLUMNS == rows.ITEM_COLUMNS
