"""Kept ratings as bytes."""

import numpy as np
import pytest

from analytics.agreement.sums.exact.kept_ratings import KeptRatings
from analytics.agreement.sums.exact.stratum_sums import different_parts
from annotation_app.selectors.agreement.live.columns import pack_kept, unpack_kept
from tests.analytics.agreement.sums.exact.test_exact_sums import draw_rows
from tests.analytics.agreement.sums.exact.test_kept_ratings import LONG, kept


@pytest.mark.parametrize("far", [1, 10**12])
def test_bytes_give_the_same_ratings_back_and_are_few(far):
    rows = draw_rows(np.random.default_rng(1), items=200)
    rows[:, :2] *= far
    found = kept(rows)
    packed = pack_kept(found)
    assert different_parts(unpack_kept(packed, LONG), found) == []
    assert len(packed) < 4 * len(rows) + 1000 * (far > 1) + 100
    assert unpack_kept(pack_kept(KeptRatings.empty(LONG)), LONG).is_empty
