"""Tables of one scale in common places."""

import pytest

from analytics.agreement.sums.cluster_rows import pairable
from analytics.agreement.sums.stacking import stack
from analytics.scales import Scale
from analytics.tables import RatingTable
from tests.analytics.agreement.comparison.test_slices_of_ratings import on_long_scale
from tests.analytics.agreement.test_report import simulated


def test_items_stand_once_for_each_table_that_has_them():
    scale = Scale.of([1, 2])
    two = RatingTable.from_unit_rows([[1, 1], [2, None], [1, 2]], scale)
    one = RatingTable.from_unit_rows([[2, 2]], scale)
    found = stack([two, one])
    assert found.owner.tolist() == [0, 0, 1]
    assert found.sizes == [2, 1]
    assert pairable(found.rows).tolist() == [1, 1, 1]


def test_only_tables_of_one_scale_are_stacked():
    with pytest.raises(ValueError, match="2 different scales in 2 tables"):
        stack([simulated(), on_long_scale(simulated())])
    with pytest.raises(ValueError, match="0 different scales"):
        stack([])
