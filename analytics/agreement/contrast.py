"""A slice against the other slices of the same ratings, from stored moments alone."""

from collections.abc import Hashable, Mapping
from dataclasses import replace

from scipy.special import stdtrit

from analytics.agreement.coefficients import Coefficient
from analytics.agreement.cross import CrossMoments, paired_difference
from analytics.agreement.differences import Difference
from analytics.agreement.moments import Moments

# Of slices that are like the others, two in a thousand lie beyond, as with annotators' limits.
BEYOND = 0.998


def against_rest(
    coefficient: Coefficient, slices: Mapping[Hashable, Moments]
) -> dict[Hashable, Difference]:
    """Compare each slice with all others together: slice minus rest.

    Items that are cut between slices, as by generator, tend to rise and fall together; the slices
    are taken as independent, so such intervals are too wide rather than too narrow.

    Args:
        coefficient: which coefficient.
        slices: moments of each slice; every rating lies in one.

    Returns:
        A difference for each slice; none if there is only one slice.
    """
    bare = {name: replace(moments, raters={}) for name, moments in slices.items()}
    if len(bare) <= 1:
        return {}
    first, *others = bare.values()
    whole = sum(others, start=first)
    return {name: _difference(coefficient, part, whole - part) for name, part in bare.items()}


def is_beyond(difference: Difference) -> bool:
    """Whether a slice differs from the rest by more than chance gives two in a thousand slices."""
    value, interval = difference.estimate.value, difference.interval
    if value is None or not interval.standard_error or interval.degrees_of_freedom is None:
        return False
    limit = float(stdtrit(interval.degrees_of_freedom, (1 + BEYOND) / 2))
    return abs(value) > limit * interval.standard_error


def _difference(coefficient: Coefficient, part: Moments, rest: Moments) -> Difference:
    nothing = CrossMoments.empty(part.scale, rest.scale)
    n_items = part.overlapping.n + rest.overlapping.n
    return paired_difference(coefficient, part, rest, replace(nothing, n_either=n_items))
