"""A slice against the rest equals the difference computed from the ratings."""

import numpy as np
import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.agreement.comparison.differences import jackknife_difference
from analytics.agreement.comparison.slice_contrasts import against_rest, is_beyond
from analytics.tables import RatingTable
from tests.analytics.raters.campaigns import FOUR, campaign
from tests.factories.moments import moments_of

ALPHA = Coefficient.ALPHA_ORDINAL


def sliced(n_items=240, n_slices=6, noisy=2, seed=1):
    """Tables by slice of whole items; the ratings of one slice are mostly noise."""
    table = campaign(n_items=n_items, seed=seed).table
    rng = np.random.default_rng(seed)
    level = table.level.copy()
    bad = (table.item % n_slices == noisy) & (rng.random(table.n_ratings) < 0.6)
    level[bad] = rng.integers(0, 4, int(bad.sum()))
    changed = RatingTable.from_indices(
        unit=table.unit, rater=table.rater, level=level, scale=FOUR, unit_item=table.unit_item
    )
    keep = {name: changed.keep(changed.item % n_slices == name) for name in range(n_slices)}
    return changed, keep


def test_a_slice_against_the_rest_is_the_difference_from_ratings():
    table, slices = sliced()
    found = against_rest(ALPHA, {name: moments_of(part) for name, part in slices.items()})
    rest = table.keep(table.item % 6 != 2)
    direct = jackknife_difference(ALPHA, slices[2], rest)
    assert found[2].estimate.value == pytest.approx(direct.estimate.value, abs=1e-12)
    assert found[2].interval.standard_error == pytest.approx(
        direct.interval.standard_error, rel=0.04
    )
    assert found[2].n_items == (40, 200)


def test_only_the_planted_slice_is_beyond_chance():
    _, slices = sliced()
    found = against_rest(ALPHA, {name: moments_of(part) for name, part in slices.items()})
    assert [name for name, one in found.items() if is_beyond(one)] == [2]


def test_one_slice_has_no_rest_and_a_small_one_no_interval():
    table, slices = sliced(n_items=24)
    assert against_rest(ALPHA, {"all": moments_of(table)}) == {}
    found = against_rest(ALPHA, {name: moments_of(part) for name, part in slices.items()})
    assert {one.interval.reason.value for one in found.values()} == {"few_items"}
    assert not any(is_beyond(one) for one in found.values())
