"""Judges that answer pair by pair: all pairs right, failures wrong, label spaces named."""

import pytest

from analytics.benchmark.answers import AnsweredGroup, score_answers
from analytics.benchmark.labels import LabelSpace, PairLabel
from analytics.benchmark.orders import parse_order
from analytics.ranking.proportions import Proportion

FIRST, SECOND = PairLabel.FIRST, PairLabel.SECOND
GOOD, BAD, TIE = PairLabel.TIE_GOOD, PairLabel.TIE_BAD, PairLabel.TIE


def group(order, *answers, item="i"):
    return AnsweredGroup(f"{item}{order}", item, parse_order(order), answers)


GROUPS = [
    group("A>B", FIRST, item="a"),
    group("B>A", None, item="b"),
    group("A=B=Good", BAD, item="c"),
    group("A=B=Bad", TIE, item="d"),
    group("C>A>B", FIRST, SECOND, SECOND, item="e"),
    group("A>B>C", FIRST, FIRST, SECOND, item="f"),
]


def accuracies(rows):
    return {row.k: (row.accuracy, row.failed) for row in rows}


def test_a_group_is_right_only_with_all_its_pairs():
    report = score_answers(GROUPS, LabelSpace.FOUR)
    assert accuracies(report.strict_rows) == {
        2: (Proportion(1, 2), 1),
        3: (Proportion(1, 2), 0),
        None: (Proportion(2, 4), 1),
    }


def test_the_label_space_decides_whether_good_and_bad_ties_differ():
    four = score_answers(GROUPS, LabelSpace.FOUR)
    three = score_answers(GROUPS, LabelSpace.THREE)
    assert accuracies(four.tied_rows)[2] == (Proportion(2, 4), 1)
    assert accuracies(three.tied_rows)[2] == (Proportion(3, 4), 1)
    # Ten pairs: 4 of the lone pairs, 6 of the triples with one wrong and one failed.
    assert (four.pairs.share, three.pairs.share) == (Proportion(7, 10), Proportion(8, 10))
    assert three.strict_pairs.share == Proportion(6, 8)


def test_an_open_human_tie_agrees_with_either_kind():
    assert score_answers([group("A=B>C", GOOD, FIRST, FIRST)], LabelSpace.FOUR).pairs.share == (
        Proportion(3, 3)
    )


def test_a_wrong_number_of_answers_or_no_group_is_refused():
    with pytest.raises(ValueError, match="needs 3 answers"):
        group("A>B>C", FIRST)
    with pytest.raises(ValueError, match="without groups"):
        score_answers([], LabelSpace.FOUR)
