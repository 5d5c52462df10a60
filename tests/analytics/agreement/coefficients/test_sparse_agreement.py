"""Agreeing pairs on many levels are those on few."""

import numpy as np
import pytest

from analytics.agreement.coefficients.sparse_agreement import agreeing_pairs
from analytics.agreement.coefficients.weights import DeclaredWeights, Weighting
from analytics.agreement.sums.parted_sums import PartedSums
from analytics.agreement.sums.sparse_vectors import level_counts, unit_vectors
from analytics.scales import Scale
from analytics.tables import RatingTable

SCALE = Scale.of([1, 2, 3])
UNITS = unit_vectors(
    SCALE, level_counts(RatingTable.from_unit_rows([[1, 1, 2], [3, 3, None], [1, 3, None]], SCALE))
)
TOTAL = PartedSums(UNITS.layout, UNITS.total())


@pytest.mark.parametrize(
    ("weighting", "expected"),
    # of six ordered pairs of the first unit two agree and four are one step apart
    [(Weighting.IDENTITY, 2 / 6 + 1), (Weighting.LINEAR, (2 + 4 / 2) / 6 + 1)],
)
def test_shares_of_agreeing_pairs_are_summed_over_units(weighting, expected):
    assert float(agreeing_pairs(TOTAL, DeclaredWeights(weighting, SCALE))) == pytest.approx(
        expected
    )


def test_where_all_pairs_that_are_left_agree_the_sum_is_exactly_their_number():
    weights = DeclaredWeights(Weighting.IDENTITY, SCALE)
    disagreeing = UNITS[[0, 2]]
    groups = disagreeing.summed(np.array([0, 0]), 1)
    left = agreeing_pairs(PartedSums(UNITS.layout, UNITS.total(), groups, -1.0), weights)
    assert left.tolist() == [1.0]
