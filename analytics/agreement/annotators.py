"""What each annotator's ratings add to the sums: leave-one-annotator-out costs one subtraction."""

import numpy as np
from scipy import sparse

from analytics.agreement.coefficients import Statistic
from analytics.agreement.jackknife import leave_out
from analytics.agreement.layout import Floats, Layout
from analytics.agreement.patterns import Patterns
from analytics.tables import RatingTable


def rater_parts(table: RatingTable, patterns: Patterns, layout: Layout) -> Floats:
    """Return (R, K) what each rater's ratings add: sums with them minus sums without them."""
    n_levels = len(table.scale)
    cells = patterns.of_unit[table.unit] * n_levels + table.level
    found, cell = np.unique(cells, return_inverse=True)
    with_rating = patterns.counts[found // n_levels]
    without = with_rating.copy()
    without[np.arange(len(found)), found % n_levels] -= 1
    added = layout.vectors(with_rating) - layout.vectors(without)
    ones = np.ones(table.n_ratings)
    shape = (table.n_raters, len(found))
    return np.asarray(sparse.csr_array((ones, (table.rater, cell)), shape=shape) @ added)


def overlapping(parts: Floats, layout: Layout) -> Floats:
    """Keep the (R', K) rows of raters who share a unit with another rater.

    A rating on a shared unit adds one or two to the sum of its coincidences.
    """
    shared = layout.coincidences(parts).sum(axis=(-2, -1))
    return np.asarray(parts[shared > 1 / 2])


def leave_one_annotator_out(statistic: Statistic, total: Floats, parts: Floats) -> Floats:
    """Return (R,) values of a statistic without each annotator, NaN where undefined."""
    return np.asarray(statistic(leave_out(total, parts)), dtype=np.float64)
