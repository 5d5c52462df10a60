"""Tables on the levels that are present."""

from analytics.agreement.sums.present_levels import MOST_DENSE, is_dense, on_present_levels
from analytics.scales import Scale
from analytics.tables import RatingTable


def test_a_short_scale_stays_whole():
    table = RatingTable.from_unit_rows([[0, 0]], Scale.of(range(MOST_DENSE)))
    assert on_present_levels(table) is table
    assert is_dense(table)


def test_a_long_scale_keeps_the_levels_that_have_ratings_and_knows_the_rest():
    table = RatingTable.from_unit_rows([[0, 50], [100, 50]], Scale.of(range(101)))
    few = on_present_levels(table)
    assert few.scale.values == (0.0, 50.0, 100.0)
    assert few.scale.ranks.tolist() == [0, 50, 100]
    assert few.level.tolist() == [0, 1, 2, 1]
    assert (is_dense(table), is_dense(few)) == (False, True)
