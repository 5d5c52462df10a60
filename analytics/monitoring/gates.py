"""Gates and alerts on α: a gate opens by the lower bound and alarms by the upper one."""

from dataclasses import dataclass
from enum import StrEnum

from analytics.estimates import Estimate, Interval

KRIPPENDORFF_RELIABLE, KRIPPENDORFF_TENTATIVE = 0.8, 0.667


class GateStatus(StrEnum):
    """What the interval says of a threshold."""

    PASSED = "passed"
    """The lower bound reaches the threshold."""
    OPEN = "open"
    """The threshold is within the interval: more overlap will decide."""
    FAILED = "failed"
    """The upper bound is below the threshold."""
    UNKNOWN = "unknown"
    """No interval; its reason says why."""


@dataclass(frozen=True)
class Gate:
    """A threshold on a figure and what the data say of it."""

    threshold: float
    status: GateStatus


def gate_status(estimate: Estimate, interval: Interval, threshold: float) -> Gate:
    """Judge a figure against a threshold by its interval, never by its point value."""
    if estimate.value is None or interval.low is None or interval.high is None:
        return Gate(threshold, GateStatus.UNKNOWN)
    if interval.low >= threshold:
        return Gate(threshold, GateStatus.PASSED)
    failed = interval.high < threshold
    return Gate(threshold, GateStatus.FAILED if failed else GateStatus.OPEN)
