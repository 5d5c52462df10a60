"""Dealing a number of groups to categories in exact proportion."""

from collections.abc import Mapping
from fractions import Fraction
from math import floor


def largest_remainder(total: int, sizes: Mapping[str, int]) -> dict[str, int]:
    """Return quotas proportional to the sizes that sum to ``total`` (or to all there is).

    Hamilton's method; no quota exceeds its size; equal remainders go by name.
    """
    available = sum(sizes.values())
    seats = min(total, available)
    if not seats:
        return dict.fromkeys(sizes, 0)
    shares = {name: Fraction(seats * size, available) for name, size in sizes.items()}
    quotas = {name: floor(share) for name, share in shares.items()}
    by_remainder = sorted(shares, key=lambda name: (quotas[name] - shares[name], name))
    for name in by_remainder[: seats - sum(quotas.values())]:
        quotas[name] += 1
    return quotas
