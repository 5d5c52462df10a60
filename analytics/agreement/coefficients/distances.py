"""Squared distances between levels, one function per level of measurement.

Source: Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section D.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

import numpy as np

from analytics.agreement.sums.layout import Floats, Sums


class Metric(StrEnum):
    """Level of measurement of the ratings."""

    NOMINAL = "nominal"
    ORDINAL = "ordinal"
    INTERVAL = "interval"
    RATIO = "ratio"


class Distance(Protocol):
    """Squared distances (…, V, V) from (…, V) pairable values per level and (V,) level values."""

    def __call__(self, frequencies: Sums, values: Floats) -> Sums: ...


def nominal(frequencies: Sums, values: Floats) -> Sums:
    """One for different levels, zero for equal ones."""
    distance = 1.0 - np.eye(len(values))
    return np.broadcast_to(distance, (*frequencies.shape, len(values)))


def ordinal(frequencies: Sums, values: Floats) -> Sums:  # noqa: ARG001 -- one signature for all
    """Squared difference of mid-ranks: values between two levels, ends counted half."""
    midranks = np.cumsum(frequencies, axis=-1) - frequencies / 2
    return np.square(midranks[..., :, None] - midranks[..., None, :])


def interval(frequencies: Sums, values: Floats) -> Sums:
    """Squared difference of the level values."""
    distance = np.square(values[:, None] - values[None, :])
    return np.broadcast_to(distance, (*frequencies.shape, len(values)))


def ratio(frequencies: Sums, values: Floats) -> Sums:
    """Squared difference over sum of the level values, which must not be negative.

    Raises:
        ValueError: a negative level value.
    """
    if (values < 0).any():
        raise ValueError(f"ratio distances need values of at least zero, got {values.tolist()}")
    difference, total = values[:, None] - values[None, :], values[:, None] + values[None, :]
    share = np.divide(difference, total, out=np.zeros_like(total), where=total > 0)
    return np.broadcast_to(np.square(share), (*frequencies.shape, len(values)))


DISTANCES: Mapping[Metric, Distance] = {
    Metric.NOMINAL: nominal,
    Metric.ORDINAL: ordinal,
    Metric.INTERVAL: interval,
    Metric.RATIO: ratio,
}
