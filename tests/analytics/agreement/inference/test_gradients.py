"""Complex steps give derivatives without cancellation."""

import numpy as np
import pytest

from analytics.agreement.inference.gradients import direction, gradient
from analytics.agreement.sums.parted_sums import PartedSums
from analytics.agreement.sums.sparse_vectors import level_counts, unit_vectors
from analytics.scales import Scale
from analytics.tables import RatingTable


def ratio(sums):
    return sums[..., 0] / sums[..., 1]


def test_the_gradient_of_a_ratio():
    # x / y at (3, 4): 1 / y and -x / y²
    assert gradient(ratio, np.array([3.0, 4.0])).tolist() == [0.25, -0.1875]


def test_directions_are_products_with_the_gradient():
    rows = np.array([[4.0, 0.0], [0.0, 16.0], [3.0, 4.0]])
    assert direction(ratio, np.array([3.0, 4.0]), rows) == pytest.approx([1, -3, 0])


def test_dense_and_sparse_do_not_mix():
    scale = Scale.of([1, 2])
    rows = unit_vectors(scale, level_counts(RatingTable.from_unit_rows([[1, 2]], scale)))
    with pytest.raises(TypeError, match="both dense or both sparse"):
        direction(ratio, np.zeros(2), rows)
    with pytest.raises(TypeError, match="both dense or both sparse"):
        direction(ratio, PartedSums(rows.layout, rows.total()), np.zeros((1, 2)))
