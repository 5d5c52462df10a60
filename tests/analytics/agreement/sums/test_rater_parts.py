"""What a rater adds is the sums with the rater minus the sums without."""

import numpy as np

from analytics.agreement.sums.layout import Layout
from analytics.agreement.sums.patterns import find_patterns, total_sums
from analytics.agreement.sums.rater_parts import overlapping, rater_parts, rating_cells
from analytics.scales import Scale
from analytics.tables import RatingTable

SCALE = Scale.of([1, 2])
TABLE = RatingTable.from_unit_rows([[1, 1, None], [2, None, 1], [None, None, 2]], SCALE)
LAYOUT = Layout(2)


def total(table):
    return total_sums(find_patterns(table), LAYOUT)


def test_two_equal_ratings_each_add_their_pair():
    pair = RatingTable.from_unit_rows([[1, 1]], SCALE)
    parts = rater_parts(pair, rating_cells(pair, find_patterns(pair)), LAYOUT)
    assert parts.tolist() == [[2, 0, 0, 1, 0, 0, 0, 0, 0, 1]] * 2


def test_each_part_is_the_difference_of_the_sums():
    parts = rater_parts(TABLE, rating_cells(TABLE, find_patterns(TABLE)), LAYOUT)
    for rater in range(3):
        rest = TABLE.keep(TABLE.rater != rater)
        np.testing.assert_allclose(parts[rater], total(TABLE) - total(rest), atol=1e-12)


def test_a_rater_alone_on_every_unit_overlaps_with_nobody():
    alone = RatingTable.from_unit_rows([[1, 2, None], [None, None, 2]], SCALE)
    parts = rater_parts(alone, rating_cells(alone, find_patterns(alone)), LAYOUT)
    assert len(overlapping(parts, LAYOUT)) == 2


def test_the_others_of_a_unit_are_its_ratings_without_the_own_one():
    cells = rating_cells(TABLE, find_patterns(TABLE))
    own_and_others = {
        (int(level), tuple(others))
        for level, others in zip(cells.level, cells.others.tolist(), strict=True)
    }
    assert own_and_others == {(0, (1, 0)), (1, (1, 0)), (0, (0, 1)), (1, (0, 0))}
