"""A slice against the other slices of the same ratings, from stored moments or kept ratings."""

from collections.abc import Hashable, Mapping
from dataclasses import replace

import numpy as np

from analytics.agreement.coefficients.catalogue import Coefficient, point, statistic
from analytics.agreement.comparison.differences import Difference, subtract
from analytics.agreement.comparison.paired_differences import (
    linearised_difference,
    paired_difference,
)
from analytics.agreement.inference.gradients import direction
from analytics.agreement.inference.jackknife import terms_variance
from analytics.agreement.sums.moments import Moments
from analytics.agreement.sums.parted_sums import AnySums, PartedSums
from analytics.agreement.sums.scale_covariance import CrossMoments
from analytics.agreement.sums.stacking import Stacked, stack
from analytics.limits import OUTLYING
from analytics.t_intervals import t_reach
from analytics.tables import RatingTable


def against_rest(
    coefficient: Coefficient, slices: Mapping[Hashable, Moments]
) -> dict[Hashable, Difference]:
    """Compare each slice with all others together: slice minus rest.

    Items that are cut between slices, as by generator, tend to rise and fall together; the slices
    are taken as independent, so such intervals are too wide rather than too narrow.

    Args:
        coefficient: which coefficient.
        slices: moments of each slice; every rating belongs to one.

    Returns:
        A difference for each slice; none if there is only one slice.
    """
    bare = {name: replace(moments, raters={}) for name, moments in slices.items()}
    if len(bare) <= 1:
        return {}
    first, *others = bare.values()
    whole = sum(others, start=first)
    return {name: _difference(coefficient, part, whole - part) for name, part in bare.items()}


def table_against_rest(
    coefficient: Coefficient, slices: Mapping[Hashable, RatingTable]
) -> dict[Hashable, Difference]:
    """Compare as `against_rest` does, from the ratings of each slice; for scales of many levels."""
    if len(slices) <= 1:
        return {}
    stacked = stack(list(slices.values()))
    return {
        name: _stacked_difference(coefficient, stacked, place) for place, name in enumerate(slices)
    }


def is_beyond(difference: Difference) -> bool:
    """Whether a slice differs from the rest by more than chance gives two in a thousand slices."""
    value, interval = difference.estimate.value, difference.interval
    if value is None or not interval.standard_error or interval.degrees_of_freedom is None:
        return False
    limit = t_reach(interval.standard_error, interval.degrees_of_freedom, OUTLYING)
    return abs(value) > limit


def _difference(coefficient: Coefficient, part: Moments, rest: Moments) -> Difference:
    nothing = CrossMoments.empty(part.scale, rest.scale)
    n_items = part.overlapping.n + rest.overlapping.n
    return paired_difference(coefficient, part, rest, replace(nothing, n_either=n_items))


def _stacked_difference(coefficient: Coefficient, stacked: Stacked, place: int) -> Difference:
    function, mine = statistic(coefficient, stacked.scale), stacked.owner == place
    own = stacked.totals[place]
    rest = _sum([total for other, total in enumerate(stacked.totals) if other != place])
    points = [point(coefficient, total, stacked.scale) for total in (own, rest)]
    n_items = (stacked.sizes[place], sum(stacked.sizes) - stacked.sizes[place])
    estimate, variance = subtract(points[0], points[1]), np.nan
    if estimate.value is not None:
        terms = np.concatenate(
            [
                direction(function, own, stacked.rows[mine]),
                -direction(function, rest, stacked.rows[~mine]),
            ]
        )
        variance = terms_variance(terms, np.ones(len(terms)))
    return linearised_difference(estimate, variance, n_items, 0)


def _sum(totals: list[AnySums]) -> AnySums:
    parted = [total for total in totals if isinstance(total, PartedSums)]
    if parted:
        together = np.sum([total.total for total in parted], axis=0)
        return PartedSums(parted[0].layout, together)
    return np.asarray(sum(total for total in totals if isinstance(total, np.ndarray)))
