"""A row of a JSON Lines file is one line, whatever signs its texts hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotation_app.models import Item
from annotation_app.services.exports.lines import json_line
from annotation_app.services.exports.options import ExportFormat, ImageMode

SEPARATORS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"


@given(st.text(st.sampled_from(f'ab"\\é界{SEPARATORS}')))
def test_a_row_is_one_line_and_reads_back_the_same(text):
    line = json_line({"instruction": text})
    assert line.splitlines() == [line[:-1]]
    assert json.loads(line) == {"instruction": text}


def test_other_scripts_stay_readable():
    assert json_line({"instruction": "把天空变红"}) == '{"instruction": "把天空变红"}\n'


@pytest.mark.django_db(transaction=True)
def test_every_line_of_an_export_is_a_row(campaign, build):
    text = f"Make it{SEPARATORS}blue."
    Item.objects.update(instruction=text)
    _version, folder = build(
        campaign,
        formats=(ExportFormat.TRAINING, ExportFormat.TRL, ExportFormat.RATINGS),
        images=ImageMode.REFERENCED,
    )
    files = sorted(folder.rglob("*.jsonl"))
    assert {path.name for path in files} >= {"groups.jsonl", "ratings.jsonl"}
    for path in files:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert rows
    [group] = (folder / "groups.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(group)["instruction"] == text
