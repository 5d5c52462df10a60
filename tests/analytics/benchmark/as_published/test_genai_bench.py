"""The released GenAI-Bench votes reproduce every published figure."""

import json

import pytest

from analytics.benchmark.as_published.genai_bench import accuracy_as_published, parse_vote
from analytics.benchmark.labels import (
    LabelSpace,
    PairLabel,
    always_tie_accuracy,
    label_accuracy,
    strict_label_accuracy,
)


def votes_of(folder, judge):
    with (folder / "genai_bench" / f"{judge}.jsonl").open() as lines:
        rows = [json.loads(line) for line in lines]
    return [parse_vote(row["human_vote"], row["model_vote"]) for row in rows], rows


def percent(share):
    return round(100 * share.value, 2)


@pytest.fixture
def published(shared_data):
    return json.loads((shared_data / "genai_bench" / "published_values.json").read_text())


@pytest.mark.parametrize("judge", ["random", "gpt4o", "llava"])
def test_four_class_accuracy_is_the_published_one(shared_data, published, judge):
    votes, rows = votes_of(shared_data, judge)
    accuracy = accuracy_as_published(votes)
    assert percent(accuracy) == pytest.approx(published["accuracy_percent"][judge], abs=0.005)
    assert accuracy.correct == sum(row["correct"] for row in rows)


def test_vote_counts_are_the_published_facts(shared_data, published):
    votes, _ = votes_of(shared_data, "gpt4o")
    human = [vote.human for vote in votes]
    facts = published["facts"]
    assert len(votes) == facts["votes"]
    assert human.count(PairLabel.FIRST) == facts["leftvote"]
    assert human.count(PairLabel.SECOND) == facts["rightvote"]
    assert human.count(PairLabel.TIE_GOOD) == facts["tievote"]
    assert human.count(PairLabel.TIE_BAD) == facts["bothbad"]


def test_three_class_strict_and_always_tie_figures_are_the_published_facts(shared_data, published):
    votes, _ = votes_of(shared_data, "gpt4o")
    judged, human = [v.judge for v in votes], [v.human for v in votes]
    facts = published["facts"]
    strict = strict_label_accuracy(judged, human)
    assert percent(always_tie_accuracy(human)) == facts["always_tie_3class_accuracy_percent"]
    three = label_accuracy(judged, human, LabelSpace.THREE)
    assert percent(three) == facts["gpt4o_3class_accuracy_percent"]
    assert percent(strict) == facts["gpt4o_strict_pairs_accuracy_percent"]
    assert strict.total == facts["gpt4o_strict_pairs"]


def test_unparsable_answers_are_wrong_and_open_ties_fit_both_kinds():
    votes = [
        parse_vote("tievote", "[[A=B]]"),
        parse_vote("bothbad_vote", "[[A=B]]"),
        parse_vote("bothbad_vote", "[[A=B=Good]]"),
        parse_vote("leftvote", "A is better"),
        parse_vote("leftvote", None),
    ]
    accuracy = accuracy_as_published(votes)
    assert (accuracy.correct, accuracy.total) == (2, 5)


def test_an_unknown_human_vote_is_refused():
    with pytest.raises(ValueError, match="unknown human vote 'left'"):
        parse_vote("left", None)
