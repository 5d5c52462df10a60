"""Agreement weights of three levels by hand, and on a scale of some of the declared ones."""

import numpy as np
import pytest

from analytics.agreement.coefficients.weights import (
    WEIGHTS,
    DeclaredWeights,
    Weighting,
    declared_total,
)
from analytics.scales import Scale

THREE = Scale.of([1, 2, 4])
BY_HAND = {
    Weighting.IDENTITY: (0, 0, 0),
    Weighting.LINEAR: (2 / 3, 0, 1 / 3),
    Weighting.QUADRATIC: (8 / 9, 0, 5 / 9),
    Weighting.ORDINAL: (2 / 3, 0, 2 / 3),
    Weighting.WITHIN_ONE: (1, 0, 1),
}


@pytest.mark.parametrize(("weighting", "expected"), BY_HAND.items())
def test_weights_between_the_first_and_second_first_and_third_second_and_third(weighting, expected):
    found = WEIGHTS[weighting](THREE)
    assert (found[0, 1], found[0, 2], found[1, 2]) == pytest.approx(expected)
    assert np.diag(found).tolist() == [1, 1, 1]
    assert found.sum() == pytest.approx(declared_total(weighting, THREE))


@pytest.mark.parametrize("weighting", list(Weighting))
def test_some_levels_keep_the_weights_and_the_total_of_all(weighting):
    whole = Scale.of(range(20))
    few = DeclaredWeights(weighting, whole.among([3, 4, 19]))
    chosen = WEIGHTS[weighting](whole)[np.ix_([3, 4, 19], [3, 4, 19])]
    assert few.matrix == pytest.approx(chosen)
    assert few.total == pytest.approx(WEIGHTS[weighting](whole).sum())
    shares = np.array([0.2, 0.3, 0.5])
    assert few.times(shares) == pytest.approx(shares @ chosen)
