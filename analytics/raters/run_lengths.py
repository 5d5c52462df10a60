"""Runs of careless answers: how long a rule on answers in a row takes to speak.

Source: Feller (1968), An Introduction to Probability Theory and Its Applications, I, XIII.7.
"""

import math


def expected_until_run(probability: float, length: int) -> float:
    """Return the mean number of independent answers until `length` in a row are careless.

    Args:
        probability: that one answer is careless.
        length: answers in a row at which the rule speaks.

    Returns:
        (p⁻ʳ - 1) / (1 - p); infinite for p = 0.

    Raises:
        ValueError: a probability outside [0, 1], or a run without length.

    >>> expected_until_run(0.5, 2), expected_until_run(1.0, 5)
    (6.0, 5.0)
    """
    if not 0 <= probability <= 1 or length < 1:
        raise ValueError(f"no run of {length} with probability {probability}")
    if probability == 0:
        return math.inf
    if probability == 1:
        return float(length)
    # expm1 keeps the figures of probabilities close to one
    return math.expm1(-length * math.log(probability)) / (1 - probability)
