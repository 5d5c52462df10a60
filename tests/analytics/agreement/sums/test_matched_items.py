"""Items of two tables are matched by label."""

from analytics.agreement.sums.cluster_rows import pairable
from analytics.agreement.sums.matched_items import spread_items
from analytics.scales import Scale
from analytics.tables import RatingTable


def table(items):
    return RatingTable.from_long(
        units=[item for item in items for _ in range(2)],
        raters=[rater for _ in items for rater in range(2)],
        values=[1] * (2 * len(items)),
        items=[item for item in items for _ in range(2)],
        scale=Scale.of([1, 2]),
    )


def test_both_have_a_row_for_every_item_of_either():
    first, second = spread_items(table(["x", "y"]), table(["z", "y"]))
    assert pairable(first).tolist() == [1, 1, 0]
    assert pairable(second).tolist() == [0, 1, 1]
