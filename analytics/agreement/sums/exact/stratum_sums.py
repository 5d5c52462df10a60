"""What is stored of a stratum, for either form of scale: added, subtracted and compared."""

from typing import TypeAlias

from analytics.agreement.sums.exact.exact_sums import ExactSums, differing_parts
from analytics.agreement.sums.exact.kept_ratings import KeptRatings

StratumSums: TypeAlias = ExactSums | KeptRatings


def added_sums(one: StratumSums, other: StratumSums) -> StratumSums:
    """Add two of one form.

    Raises:
        TypeError: sums and kept ratings.
    """
    if isinstance(one, ExactSums) and isinstance(other, ExactSums):
        return one + other
    if isinstance(one, KeptRatings) and isinstance(other, KeptRatings):
        return one + other
    raise TypeError("sums cannot be added to kept ratings")


def different_parts(one: StratumSums, other: StratumSums) -> list[str]:
    """Name the parts in which two differ; none if they are equal to the last digit."""
    if isinstance(one, ExactSums) and isinstance(other, ExactSums):
        return differing_parts(one, other)
    if isinstance(one, KeptRatings) and isinstance(other, KeptRatings):
        return [] if (one - other).is_empty else ["ratings"]
    return ["form"]
