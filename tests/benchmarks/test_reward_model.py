"""The reading of studies of the reward model, on numbers that can be counted by hand."""

import json

import numpy as np
import pytest
from PIL import Image

from benchmarks import real_edits
from benchmarks.ablation import read_log
from benchmarks.reward_model_truth import above_median, ordered_share
from modeling.config import RubricText
from modeling.scorer import CandidateScore, ItemScores
from tests.modeling.toy import RUBRIC


def test_pairs_count_as_ordered_only_in_the_true_order():
    """Of the pairs 1<2, 1<3, 2<3 the prediction turns one; the second row ties two of its three."""
    true = np.array([[1.0, 2.0, 3.0], [1.0, 1.0, 2.0]])
    predicted = np.array([[0.0, 5.0, 4.0], [0.0, 1.0, 1.0]])
    # Five ordered pairs in truth: (1, 2) and (1, 3) right, (2, 3) wrong; then right, and a tie.
    assert ordered_share(predicted, true) == pytest.approx(3 / 5)


def test_half_of_distinct_values_lies_above_their_median():
    assert above_median(np.array([[4.0, 1.0], [3.0, 2.0]])).tolist() == [True, False, True, False]


def test_a_log_that_does_not_exist_yet_is_empty(tmp_path):
    assert read_log(tmp_path / "log.jsonl") == []
    (tmp_path / "log.jsonl").write_text('{"seed": 1}\n{"seed": 2}\n')
    assert [row["seed"] for row in read_log(tmp_path / "log.jsonl")] == [1, 2]


class Brightest:
    """Prefers the brightest picture, on its only dimension and overall."""

    rubric = RubricText.from_json({"dimensions": RUBRIC["dimensions"][:1]})

    @classmethod
    def from_pretrained(cls, path):
        return cls()

    def score(self, *, items):
        return [
            ItemScores(
                item_id=item.item_id,
                candidates=tuple(
                    CandidateScore(
                        candidate_id=name,
                        values=dict.fromkeys(("if_mean", "overall_mean"), _light(path)),
                    )
                    for name, path in item.candidates.items()
                ),
            )
            for item in items
        ]


def _light(path):
    with Image.open(path) as image:
        return float(np.asarray(image).mean())


def test_the_reference_meets_each_other_frame_of_its_session(tmp_path, monkeypatch):
    """Shades 100 (reference), 50 and 200 on a source of 60: one duel won, one lost."""
    monkeypatch.setattr(real_edits, "RewardModel", Brightest)
    shades = {"source": 60, "a": 100, "b": 50, "c": 200}
    for name, shade in shades.items():
        Image.new("RGB", (8, 8), (shade,) * 3).save(tmp_path / f"{name}.png")
    kinds = {"a": "reference", "b": "undone", "c": "over-edited"}
    row = {
        "item_id": "i",
        "instruction": "Make it lighter.",
        "source_image": "source.png",
        "candidates": [
            {"candidate_id": name, "model": kind, "image": f"{name}.png"}
            for name, kind in kinds.items()
        ],
    }
    other = {**row, "candidates": row["candidates"][1:]}
    (tmp_path / "manifest.jsonl").write_text(json.dumps(row) + "\n" + json.dumps(other) + "\n")
    report = real_edits.judge_real_edits(tmp_path, tmp_path)
    assert report["items"] == 1
    assert (report["if"]["all"]["accuracy"], report["if"]["all"]["pairs"]) == (0.5, 2)
    assert report["overall"]["against undone"]["accuracy"] == 1
    assert report["overall"]["against over-edited"]["accuracy"] == 0
    # Changed by 40, 10 and 140 from the source.
    assert report["floors"] == {"a coin": 0.5, "most changed wins": 0.5, "least changed wins": 0.5}
