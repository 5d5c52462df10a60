"""Scoring from the command line: what is done is out, whatever happens to the rest."""

import io
import json
import sys

import pytest

from modeling.cli import main
from modeling.cli import score as score_command
from modeling.scorer import CandidateScore, ItemScores


@pytest.fixture
def manifest(tmp_path, toy_data):
    """Three items of one candidate; the picture of the last is cut short."""
    whole = toy_data / "images" / "0-1.png"
    torn = tmp_path / "torn.png"
    torn.write_bytes(whole.read_bytes()[:60])
    rows = [
        {
            "item_id": name,
            "instruction": "Make it red.",
            "source_image": str(whole),
            "candidates": [{"candidate_id": "a", "image": str(edit)}],
        }
        for name, edit in (("one", whole), ("two", whole), ("three", torn))
    ]
    path = tmp_path / "manifest.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    return path


def test_lines_before_a_bad_picture_stand_and_the_error_names_it(trained, manifest, capsys):
    words = ["score", str(trained.checkpoint), str(manifest), "--batch-size", "1"]
    assert main(words) == 2
    printed = capsys.readouterr()
    assert [json.loads(line)["item_id"] for line in printed.out.splitlines()] == ["one", "two"]
    assert "error: candidate 'a' of item 'three'" in printed.err.splitlines()[-1]


class TwoBatches:
    """A model whose second batch looks at what was printed of the first."""

    def __init__(self, printed):
        self.printed = printed
        self.seen = b""

    def score_batches(self, **_):
        candidate = CandidateScore(candidate_id="a", values={"if_mean": 1.0})
        yield [ItemScores(item_id="one", candidates=(candidate,))]
        self.seen = self.printed.getvalue()
        yield []


def test_a_batch_is_handed_on_before_the_next_is_scored(trained, manifest, monkeypatch):
    printed = io.BytesIO()
    model = TwoBatches(printed)
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed))
    monkeypatch.setattr(score_command, "open_model", lambda *_: model)
    assert main(["score", str(trained.checkpoint), str(manifest)]) == 0
    assert json.loads(model.seen) == {"candidate_id": "a", "if_mean": 1.0, "item_id": "one"}
