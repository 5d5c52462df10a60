"""Panels read the same from exact sums; shared units are counted."""

import numpy as np
import pytest

from analytics.agreement.sums.exact.moments import to_moments
from analytics.raters.panel import rater_panel
from tests.analytics.agreement.sums.exact.test_exact_sums import draw_rows, sums_of, table_of
from tests.factories.moments import moments_of


def test_panels_read_the_same_from_exact_sums():
    rows = draw_rows(np.random.default_rng(6), items=40)
    ours, direct = rater_panel(to_moments(sums_of(rows))), rater_panel(moments_of(table_of(rows)))
    assert ours.keys() == direct.keys()
    for rater, line in direct.items():
        for name, figure in line.against.items():
            assert ours[rater].against[name].estimate.value == pytest.approx(
                figure.estimate.value, rel=1e-12
            )


def test_shared_units_are_counted_for_each_pair():
    rows = np.array([(0, 1, 7, 0), (0, 1, 9, 1), (0, 2, 7, 0), (0, 2, 9, 0), (0, 2, 8, 3)])
    assert sums_of(rows).shared == {(7, 9): 2, (7, 8): 1, (8, 9): 1}
