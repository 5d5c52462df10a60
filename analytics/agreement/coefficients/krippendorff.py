"""Krippendorff's α from summed coincidences; for `catalogue` and anyone with a table."""

import numpy as np

from analytics.agreement.coefficients.distances import DISTANCES, Metric
from analytics.agreement.coefficients.sparse_disagreement import disagreement
from analytics.agreement.sums.layout import Layout, Sums
from analytics.agreement.sums.parted_sums import AnySums, PartedSums
from analytics.agreement.sums.patterns import find_patterns, total_sums
from analytics.agreement.sums.present_levels import is_dense, on_present_levels
from analytics.agreement.sums.sparse_vectors import level_counts, unit_vectors
from analytics.estimates import Estimate, Reason, estimate
from analytics.scales import Scale
from analytics.tables import RatingTable


def alpha_from_coincidences(coincidences: Sums, scale: Scale, metric: Metric) -> Sums:
    """Return (…,) α of (…, V, V) coincidence matrices, NaN where chance disagreement is zero."""
    frequencies = coincidences.sum(axis=-1)
    n_values = frequencies.sum(axis=-1)
    distance = DISTANCES[metric](frequencies, np.asarray(scale.values))
    observed = np.einsum("...ck,...ck->...", coincidences, distance)
    expected = np.einsum("...c,...k,...ck->...", frequencies, frequencies, distance)
    return _alpha(n_values, observed, expected)


def _alpha(n_values: Sums, observed: Sums, expected: Sums) -> Sums:
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected == 0, np.nan, 1 - (n_values - 1) * observed / expected)


def alpha_from_sums(sums: AnySums, scale: Scale, metric: Metric) -> Sums:
    """Return (…,) α of (…, K) sums, dense or parted, NaN where it is undefined."""
    if isinstance(sums, PartedSums):
        return _alpha(*disagreement(sums, metric))
    return alpha_from_coincidences(Layout(len(scale)).coincidences(sums), scale, metric)


def krippendorff_alpha(table: RatingTable, metric: Metric) -> Estimate:
    """Compute α = 1 - observed / expected disagreement over the pairable values of a table.

    Units with one rating are dropped from both disagreements; a unit of m ratings weighs each of
    its pairs 1 / (m - 1), so any number of raters and missing ratings are allowed. Levels that no
    rating has do not change the result: they add no pair, and no rating is between others' ranks.

    Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section C.

    >>> table = RatingTable.from_rater_rows(
    ...     [
    ...         [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    ...         [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    ...         [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    ...         [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ...     ],
    ...     Scale.of([1, 2, 3, 4, 5]),
    ... )
    >>> [round(krippendorff_alpha(table, metric).value, 3) for metric in Metric]
    [0.743, 0.815, 0.849, 0.797]
    """
    few = on_present_levels(table)
    sums: AnySums
    if is_dense(few):
        layout = Layout(len(few.scale))
        sums = total_sums(find_patterns(few), layout)
        n_pairable = layout.n_pairable(sums)
    else:
        vectors = unit_vectors(few.scale, level_counts(few))
        sums = PartedSums(vectors.layout, vectors.total())
        n_pairable = sums.n_pairable
    if n_pairable == 0:
        return Estimate(None, Reason.NO_OVERLAP)
    return estimate(alpha_from_sums(sums, few.scale, metric), Reason.NO_VARIATION)
