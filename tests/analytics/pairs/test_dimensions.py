"""Rubric weights are declared, positive and named."""

from fractions import Fraction

import pytest

from analytics.pairs.dimensions import Dimensions, equal_weights, weights_for_scales


def test_equal_scales_weigh_one_each():
    assert weights_for_scales({"if": 4, "vq": 4}) == equal_weights(["if", "vq"])


def test_unequal_scales_need_declared_weights():
    with pytest.raises(ValueError, match="declared weights"):
        weights_for_scales({"if": 4, "vq": 7})
    declared = {"if": Fraction(1), "vq": Fraction(1, 2)}
    assert weights_for_scales({"if": 4, "vq": 7}, declared).weights == (Fraction(1), Fraction(1, 2))
    with pytest.raises(ValueError, match="for vq"):
        weights_for_scales({"if": 4, "vq": 7}, {"if": Fraction(1)})


@pytest.mark.parametrize("names", [(), ("if", "if"), ("overall",)])
def test_a_rubric_needs_distinct_names_and_none_called_overall(names):
    with pytest.raises(ValueError, match="dimension"):
        equal_weights(names)


def test_a_weight_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        Dimensions(("if",), (Fraction(0),))
