"""Exact derivatives of a statistic with respect to its sums, by a complex step."""

import numpy as np

from analytics.agreement.coefficients import Statistic
from analytics.agreement.layout import Floats

STEP = 1e-30


def gradient(statistic: Statistic, sums: Floats) -> Floats:
    """Return the (K,) gradient at (K,) sums; NaN where the statistic is undefined.

    f(s + ih) = f(s) + ih f'(s) + O(h²), so nothing cancels (Squire and Trapp 1998).
    """
    steps = sums + 1j * STEP * np.eye(len(sums))
    return np.asarray(np.imag(statistic(steps)) / STEP)
