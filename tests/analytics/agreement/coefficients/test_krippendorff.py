"""α of a coincidence matrix by hand."""

import numpy as np
import pytest

from analytics.agreement.coefficients.distances import Metric
from analytics.agreement.coefficients.krippendorff import (
    alpha_from_coincidences,
    krippendorff_alpha,
)
from analytics.estimates import Reason
from analytics.scales import Scale
from analytics.tables import RatingTable

TWO = Scale.of([1, 2])


def test_nominal_alpha_of_four_values():
    # frequencies 3 and 1: observed 2, expected 2 · 3 · 1, α = 1 - 3 · 2 / 6
    found = alpha_from_coincidences(np.array([[2.0, 1.0], [1.0, 0.0]]), TWO, Metric.NOMINAL)
    assert float(found) == pytest.approx(0)


def test_perfect_agreement_is_one_and_no_variation_undefined():
    agreed = RatingTable.from_unit_rows([[1, 1], [2, 2]], TWO)
    assert krippendorff_alpha(agreed, Metric.ORDINAL).value == 1
    same = RatingTable.from_unit_rows([[1, 1], [1, 1]], TWO)
    assert krippendorff_alpha(same, Metric.ORDINAL).reason is Reason.NO_VARIATION
    alone = RatingTable.from_unit_rows([[1], [2]], TWO)
    assert krippendorff_alpha(alone, Metric.ORDINAL).reason is Reason.NO_OVERLAP
