"""Three raters confirm or correct the order of a group."""

from fractions import Fraction

import pytest

from analytics.benchmark.builder import BenchmarkPlan, build_benchmark
from analytics.benchmark.joint_ranking import (
    JointOutcome,
    implied_orders,
    joint_ranking,
)
from analytics.benchmark.orders import format_order, parse_order
from tests.analytics.benchmark.worlds import checked_item, unanimous
from tests.analytics.pairs.worlds import IF_VQ


@pytest.fixture
def triple():
    item = checked_item("i", unanimous(4, 4), unanimous(3, 3), [(2, 2), (2, 2), (4, 3)])
    plan = BenchmarkPlan({3: 1}, scale_middle=Fraction(5), seed=0)
    return build_benchmark([item], IF_VQ, plan).groups[0]


def orders(*texts):
    return [parse_order(text) for text in texts]


def joint(group, *texts):
    result = joint_ranking(group, orders(*texts))
    text = format_order(result.order) if result.order else None
    return result.outcome, text, result.agreeing


def test_each_rater_confirms_the_order_of_the_own_scores(triple):
    place = {c.candidate_id: position for position, c in enumerate(triple.candidates)}
    one, _, three = implied_orders(triple, IF_VQ)
    assert [one.ranks[place[f"i-{n}"]] for n in range(3)] == [0, 1, 2]
    assert [three.ranks[place[f"i-{n}"]] for n in range(3)] == [0, 2, 1]


def test_two_of_three_confirm(triple):
    published = format_order(triple.order)
    result = joint(triple, published, published, "A>B>C" if published != "A>B>C" else "C>B>A")
    assert result == (JointOutcome.CONFIRMED, published, 2)


def test_two_of_three_correct(triple):
    other = "B>A>C" if format_order(triple.order) != "B>A>C" else "C>A>B"
    assert joint(triple, other, other, format_order(triple.order)) == (
        JointOutcome.CORRECTED,
        other,
        2,
    )


def test_a_majority_may_run_in_a_circle_and_then_there_is_no_order(triple):
    assert joint(triple, "A>B>C", "B>C>A", "C>A>B") == (JointOutcome.INTRANSITIVE, None, 0)


def test_no_majority_on_a_pair_means_no_order(triple):
    assert joint(triple, "A>B>C", "A=B>C", "B>A>C") == (JointOutcome.NO_MAJORITY, None, 0)


def test_a_majority_tie_is_no_strict_order(triple):
    assert joint(triple, "A=B>C", "A=B>C", "B>A>C") == (JointOutcome.TIED, None, 2)


def test_orders_of_another_size_are_refused(triple):
    with pytest.raises(ValueError, match="orders of 3"):
        joint_ranking(triple, orders("A>B"))
