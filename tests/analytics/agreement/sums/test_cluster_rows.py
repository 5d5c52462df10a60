"""Rows of items, dense or sparse by the number of levels."""

import numpy as np
import pytest

from analytics.agreement.sums.cluster_rows import (
    item_rows,
    pairable,
    rated,
    spread_over,
    total_of,
)
from analytics.agreement.sums.parted_sums import PartedSums
from analytics.agreement.sums.sparse_vectors import SparseVectors
from analytics.scales import Scale
from analytics.tables import RatingTable

LONG = Scale.of(range(30))


def table(scale):
    return RatingTable.from_long(
        units=["a", "a", "b", "c", "c"],
        raters=[1, 2, 1, 1, 2],
        values=[1, 2, 1, 3, 3],
        items=["x", "x", "x", "y", "y"],
        scale=scale,
    )


@pytest.mark.parametrize(("scale", "is_sparse"), [(Scale.of([1, 2, 3]), False), (LONG, True)])
def test_each_item_has_the_sums_of_its_units(scale, is_sparse):
    rows = item_rows(table(scale))
    assert isinstance(rows, SparseVectors) is is_sparse
    assert rated(rows).tolist() == [2, 1]
    assert pairable(rows).tolist() == [1, 1]
    total = total_of(rows)
    n_pairable = total.n_pairable if isinstance(total, PartedSums) else total[-1]
    assert float(n_pairable) == 2


@pytest.mark.parametrize("scale", [Scale.of([1, 2, 3]), LONG])
def test_rows_are_put_in_their_places_with_nothing_between(scale):
    spread = spread_over(item_rows(table(scale)), np.array([2, 0]), 3)
    assert rated(spread).tolist() == [1, 0, 2]
