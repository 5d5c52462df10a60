"""The share of equal pairs by hand."""

from analytics.agreement.coefficients.equal_share import equal_share
from analytics.scales import Scale
from analytics.tables import RatingTable

SCALE = Scale.of([1, 2])


def test_pairs_of_each_unit_weigh_one_over_its_other_ratings():
    # 1 1 2: the two equal ones have one equal partner of two; 2 2: both have theirs
    table = RatingTable.from_unit_rows([[1, 1, 2], [2, 2, None], [1, None, None]], SCALE)
    assert equal_share(table) == (2 / 2 + 2) / 5


def test_without_a_pair_there_is_no_share():
    assert equal_share(RatingTable.from_unit_rows([[1], [2]], SCALE)) is None
