"""Runs of careless answers: how long a rule on answers in a row takes to speak.

Source: Feller (1968), An Introduction to Probability Theory and Its Applications, I, XIII.7.
"""

import math

LARGEST_EXPONENT = 700.0  # of e in a floating-point number, with room to spare


def expected_until_run(probability: float, length: int) -> float:
    """Return the mean number of independent answers until `length` in a row are careless.

    Args:
        probability: that one answer is careless.
        length: answers in a row at which the rule speaks.

    Returns:
        (p⁻ʳ - 1) / (1 - p); infinite for p = 0, and where it is beyond every floating-point number.

    Raises:
        ValueError: a probability outside [0, 1], or a run without length.

    >>> expected_until_run(0.5, 2), expected_until_run(1.0, 5)
    (6.0, 5.0)
    >>> expected_until_run(0.02, 1000)
    inf
    """
    if not 0 <= probability <= 1 or length < 1:
        raise ValueError(f"no run of {length} with probability {probability}")
    if probability == 0:
        return math.inf
    if probability == 1:
        return float(length)
    rarity = -length * math.log(probability)
    if rarity > LARGEST_EXPONENT:
        return math.inf
    # expm1 keeps the figures of probabilities close to one
    return math.expm1(rarity) / (1 - probability)
