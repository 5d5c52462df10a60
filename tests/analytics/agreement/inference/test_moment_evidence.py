"""Stored moments give the evidence of the ratings they are of."""

import numpy as np
import pytest

from analytics.agreement.inference.evidence import gather_dense
from analytics.agreement.inference.item_spread import LINEARISED
from analytics.agreement.inference.moment_evidence import moment_evidence
from analytics.agreement.sums.moments import Moments
from tests.analytics.agreement.test_report import FOUR, simulated
from tests.factories.moments import moments_of


def test_totals_units_and_raters_are_those_of_the_ratings():
    table = simulated()
    stored, direct = moment_evidence(moments_of(table)), gather_dense(table)
    np.testing.assert_allclose(stored.total, direct.total, rtol=1e-12)
    assert (stored.n_ratings, stored.n_raters) == (direct.n_ratings, direct.n_raters)
    assert stored.items.n_overlapping == direct.items.n_overlapping
    np.testing.assert_allclose(moments_of(table).total, direct.total, rtol=1e-12)


def test_the_spread_over_items_is_linearised():
    found = moment_evidence(moments_of(simulated())).items.variance(
        lambda sums: sums[..., 0] / sums[..., -1], with_singles=False
    )
    assert found.method == LINEARISED
    assert found.value > 0


def test_a_change_is_not_evidence():
    with pytest.raises(ValueError, match="these moments are a change"):
        moment_evidence(Moments.empty(FOUR) - moments_of(simulated()))
