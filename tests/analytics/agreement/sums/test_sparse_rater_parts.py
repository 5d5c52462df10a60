"""What raters add on many levels is what they add on few."""

import numpy as np
import pytest

from analytics.agreement.sums.sparse_rater_parts import rater_vectors
from analytics.agreement.sums.sparse_vectors import level_counts, unit_vectors
from analytics.scales import Scale
from analytics.tables import RatingTable

SCALE = Scale.of([1, 2, 3])
TABLE = RatingTable.from_unit_rows([[1, 1, 2], [3, None, 1], [2, 2, None]], SCALE)


def test_each_part_is_the_difference_of_the_sums():
    counts = level_counts(TABLE)
    units = unit_vectors(SCALE, counts)
    parts = rater_vectors(TABLE, counts, units)
    for rater in range(3):
        rest = level_counts(TABLE.keep(TABLE.rater != rater))
        rest.eliminate_zeros()
        without = units.total() - parts[[rater]].total()
        few = unit_vectors(SCALE, rest)
        assert without[-2:] == pytest.approx(few.total()[-2:])
        square = units.layout.square(without[: units.layout.n_pairs]).toarray()
        expected = few.layout.square(few.total()[: few.layout.n_pairs]).toarray()
        np.testing.assert_allclose(square, expected, atol=1e-12)
