"""The network's overall of certain scores is the exact one that ratings, pairs and exports have."""

from fractions import Fraction

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.overall import weighted_sum
from modeling.config import AggregationName
from modeling.heads import Gaussian, aggregate

DIMENSIONS = st.integers(1, 5)
LEVELS = st.fractions(min_value=-10, max_value=10, max_denominator=12)
WEIGHTS = st.fractions(min_value=Fraction(1, 12), max_value=12, max_denominator=12)


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_the_sum_in_tensors_is_the_exact_sum(data):
    size = data.draw(DIMENSIONS)
    scores = data.draw(st.lists(LEVELS, min_size=size, max_size=size))
    weights = data.draw(st.lists(WEIGHTS, min_size=size, max_size=size))
    mean = torch.tensor([[float(score) for score in scores]], dtype=torch.float64)
    certain = Gaussian(mean, torch.zeros_like(mean))
    found = aggregate(
        certain, weights=[float(weight) for weight in weights], name=AggregationName.SUM
    )
    assert found.mean.item() == pytest.approx(float(weighted_sum(scores, weights)), abs=1e-12)
    assert found.std.item() == 0


def test_the_spread_of_the_sum_is_that_of_independent_dimensions():
    scores = Gaussian(torch.tensor([[3.0, 2.0]]), torch.tensor([[3.0, 8.0]]))
    found = aggregate(scores, weights=[1.0, 0.5], name=AggregationName.SUM)
    assert found.mean.item() == float(weighted_sum([3, 2], [Fraction(1), Fraction(1, 2)]))
    assert found.std.item() == 5  # √(3² + (8 / 2)²)
