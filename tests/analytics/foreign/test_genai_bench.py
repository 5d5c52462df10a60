"""GenAI-Bench's answers: published figures, doubled rows, unusable fields."""

import json

import pytest

from analytics.foreign.genai_bench import (
    DoubledRow,
    genai_accuracies,
    is_genai_bench,
    read_genai_bench,
)
from analytics.foreign.strata import ForeignFileError


def row(idx=0, human="leftvote", judge="[[A>B]]", **more):
    return {"idx": idx, "human_vote": human, "model_vote": judge} | more


def read(*rows):
    return read_genai_bench(enumerate(rows, start=1), "answers.jsonl")


def percent(share):
    return round(100 * share.value, 2)


@pytest.mark.parametrize("judge", ["random", "gpt4o", "llava"])
def test_released_answers_give_the_published_accuracy(shared_data, judge):
    folder = shared_data / "genai_bench"
    rows = [json.loads(line) for line in (folder / f"{judge}.jsonl").read_text().splitlines()]
    published = json.loads((folder / "published_values.json").read_text())
    answers = read(*rows)
    found = genai_accuracies(answers)
    assert is_genai_bench(rows[0])
    assert len(answers.votes) == published["facts"]["votes"]
    assert (answers.doubled, answers.wrong_correct) == ((), ())
    assert percent(found.four_classes) == published["accuracy_percent"][judge]
    facts = published["facts"]
    assert percent(found.always_tie) == facts["always_tie_3class_accuracy_percent"]
    if judge == "gpt4o":
        assert percent(found.three_classes) == facts["gpt4o_3class_accuracy_percent"]
        assert percent(found.strict_pairs) == facts["gpt4o_strict_pairs_accuracy_percent"]
        assert found.strict_pairs.total == facts["gpt4o_strict_pairs"]


def test_identical_rows_count_once_and_are_told():
    answers = read(row(1), row(2, judge=None), row(1))
    assert answers.doubled == (DoubledRow(1, (1, 3), is_contradicting=False),)
    found = genai_accuracies(answers).four_classes
    assert (found.correct, found.total) == (1, 2)


@pytest.mark.parametrize(
    "other", [row(1, human="tievote"), row(1, judge="[[B>A]]"), row(1, instruct_prompt="another")]
)
def test_contradicting_rows_count_not_at_all_and_are_told(other):
    answers = read(row(1), row(2), other)
    assert answers.doubled == (DoubledRow(1, (1, 3), is_contradicting=True),)
    assert list(answers.votes) == [2]


def test_where_every_pair_contradicts_itself_nothing_is_left_to_count():
    with pytest.raises(ForeignFileError, match=r"answers.jsonl: no pair is left"):
        genai_accuracies(read(row(1), row(1, judge="[[B>A]]")))


def test_a_number_and_a_text_are_different_ids():
    assert read(row(1), row("1")).doubled == ()


def test_the_votes_count_whatever_correct_says_and_the_line_is_told():
    answers = read(row(1, correct=True), row(2, correct=False))
    assert answers.wrong_correct == (2,)
    assert genai_accuracies(answers).four_classes.correct == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"human_vote": "leftvote", "model_vote": None}, "line 2: idx is missing"),
        (row(idx=True), "line 2: idx True is neither"),
        (row(human="left"), "line 2: human_vote 'left' is not one of leftvote, rightvote"),
        (row(human=None), "line 2: human_vote None is not one of"),
        (row(judge=3), "line 2: model_vote 3 is neither a text nor null"),
        (row(correct="yes"), "line 2: correct 'yes' is neither true nor false"),
    ],
)
def test_an_unusable_row_is_named_with_its_field(wrong, message):
    with pytest.raises(ForeignFileError, match=f"answers.jsonl: 1 unusable rows: {message}"):
        read(row(5), wrong)


def test_a_file_without_rows_is_refused():
    with pytest.raises(ForeignFileError, match=r"answers.jsonl: no rows"):
        read()
