"""Rubric weights are declared, positive and named."""

from fractions import Fraction

import pytest

from analytics.pairs.dimensions import Dimensions


@pytest.mark.parametrize("names", [(), ("if", "if"), ("overall",)])
def test_a_rubric_needs_distinct_names_and_none_called_overall(names):
    with pytest.raises(ValueError, match="dimension"):
        Dimensions(names, (Fraction(1),) * len(names))


def test_a_weight_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        Dimensions(("if",), (Fraction(0),))
