import numpy as np
import pytest

from analytics.agreement.comparison.strata import split_by_item, split_by_unit
from analytics.scales import Scale
from analytics.tables import RatingTable

FOUR = Scale.of([1, 2, 3, 4])


def test_strata_of_units_and_items_hold_their_own_ratings():
    table = RatingTable.from_long(
        units=["a", "a", "b", "c"],
        raters=["x", "y", "x", "x"],
        values=[1, 2, 3, 4],
        items=["i", "i", "i", "j"],
        scale=FOUR,
    )
    by_unit = split_by_unit(table, ["g1", "g2", "g1"])
    assert {name: part.level.tolist() for name, part in by_unit.items()} == {
        "g1": [0, 1, 3],
        "g2": [2],
    }
    assert split_by_item(table, ["p", "q"])["q"].level.tolist() == [3]
    for split, n in ((split_by_unit, 3), (split_by_item, 2)):
        with pytest.raises(ValueError, match=f"strata for {n}"):
            split(table, np.zeros(n + 1).tolist())
