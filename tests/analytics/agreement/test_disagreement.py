import numpy as np
import pytest

from analytics.agreement.disagreement import opposite_preferences, unit_disagreement
from analytics.agreement.strata import split_by_item, split_by_rating, split_by_unit
from analytics.scales import Scale
from analytics.tables import RatingTable

FOUR = Scale.of([1, 2, 3, 4])


def test_ranges_and_shares_name_the_units_that_cause_disagreement():
    rows = [[1, 4, 2], [2, 2, 2], [3, None, None], [4, 3, None]]
    found = unit_disagreement(RatingTable.from_unit_rows(rows, FOUR))
    assert found.n_ratings.tolist() == [3, 3, 1, 2]
    assert found.level_range.tolist() == [3, 0, 0, 1]
    assert found.share.sum() == pytest.approx(1)
    assert found.share.argmax() == 0
    assert found.share[[1, 2]].tolist() == [0, 0]


def test_agreement_everywhere_causes_no_share():
    found = unit_disagreement(RatingTable.from_unit_rows([[1, 1], [2, 2]], FOUR))
    assert found.share.tolist() == [0, 0]


def test_opposite_orders_are_found_and_ties_and_single_raters_are_not():
    table = RatingTable.from_long(
        units=["a", "b", "c", "a", "b", "c", "d"],
        raters=["x", "x", "x", "y", "y", "y", "x"],
        values=[4, 1, 2, 2, 3, 2, 1],
        items=["i", "i", "i", "i", "i", "i", "j"],
        scale=FOUR,
    )
    found = opposite_preferences(table)
    assert [(p.item, p.units, p.raters, p.gap) for p in found] == [
        ("i", ("a", "b"), ("x", "y"), 1.0),
        ("i", ("c", "b"), ("x", "y"), 1.0),
    ]


def test_strata_of_units_items_and_ratings_hold_their_own_ratings():
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
    assert split_by_rating(table, [1, 2, 1, 2])[2].level.tolist() == [1, 3]
    for split, n in ((split_by_unit, 3), (split_by_item, 2), (split_by_rating, 4)):
        with pytest.raises(ValueError, match=f"strata for {n}"):
            split(table, np.zeros(n + 1).tolist())
