"""Orders and their published notation."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.benchmark.orders import (
    HumanOrder,
    TieQuality,
    format_order,
    order_of_scores,
    parse_order,
)


@pytest.mark.parametrize(
    ("text", "ranks", "quality"),
    [
        ("A>B", (0, 1), None),
        ("B>A", (1, 0), None),
        ("A<B", (1, 0), None),
        ("A=B=Good", (0, 0), TieQuality.GOOD),
        ("A=B=Bad", (0, 0), TieQuality.BAD),
        ("C>A>B", (1, 2, 0), None),
        ("B>D>A>C", (2, 0, 3, 1), None),
        ("A=C > B", (0, 1, 0), None),
    ],
)
def test_parse_by_hand(text, ranks, quality):
    assert parse_order(text) == HumanOrder(ranks, quality)


@given(st.lists(st.integers(0, 3), min_size=2, max_size=4))
def test_format_and_parse_are_inverse(levels):
    order = order_of_scores([Fraction(level) for level in levels], Fraction(3, 2))
    assert parse_order(format_order(order)) == order


@pytest.mark.parametrize("text", ["A>A", "B>C", "A>B<C", "A", "", "A>>B"])
def test_nonsense_is_refused(text):
    with pytest.raises(ValueError, match=r"order|ranks"):
        parse_order(text)


def test_a_tie_is_good_above_the_middle_of_the_scale_only():
    assert order_of_scores([Fraction(6)] * 2, Fraction(5)).tie_quality is TieQuality.GOOD
    assert order_of_scores([Fraction(5)] * 2, Fraction(5)).tie_quality is TieQuality.BAD
    assert order_of_scores([Fraction(5)] * 2).tie_quality is None


def test_pair_labels_follow_positions():
    assert parse_order("C>A>B").pair_labels == (1, -1, -1)
    assert parse_order("A=B=Good").pair_labels == (0,)
