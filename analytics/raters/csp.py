"""Dodge's continuous sampling plan CSP-1: check everything until i in a row pass, then a fraction.

Source: Dodge (1943), A sampling inspection plan for continuous production.
"""

from dataclasses import dataclass

import numpy as np

from analytics.agreement.sums.layout import Floats


@dataclass(frozen=True)
class CspPlan:
    """A plan.

    Attributes:
        clearance: i, passes in a row that end full checking.
        fraction: f, share checked afterwards.
    """

    clearance: int
    fraction: float

    def __post_init__(self) -> None:
        if self.clearance < 1 or not 0 < self.fraction <= 1:
            raise ValueError("need a clearance of at least 1 and a fraction in (0, 1]")

    def share_checked(self, failure_rate: float) -> float:
        """Long-run share of work that is checked: f / (f + (1 - f) qⁱ)."""
        cleared = (1 - failure_rate) ** self.clearance
        return self.fraction / (self.fraction + (1 - self.fraction) * cleared)

    def outgoing_rate(self, failure_rate: float) -> float:
        """Average outgoing quality: the share of wrong work that stays, failures being replaced.

        >>> round(CspPlan(20, 0.1).outgoing_rate(0.05), 4)
        0.0382
        """
        return failure_rate * (1 - self.share_checked(failure_rate))

    def outgoing_limit(self) -> float:
        """AOQL: the worst outgoing rate over all failure rates."""
        return float(max(self._course()))

    def _course(self) -> Floats:
        rates = np.linspace(0.0, 1.0, 20_001)
        cleared = np.power(1 - rates, self.clearance)
        checked = self.fraction / (self.fraction + (1 - self.fraction) * cleared)
        return np.asarray(rates * (1 - checked))


@dataclass(frozen=True)
class CspState:
    """An annotator's state: sampling or full checking, with passes in a row."""

    sampling: bool = False
    passes_in_row: int = 0


def must_check(state: CspState, plan: CspPlan, draw: float) -> bool:
    """Whether the next piece of work is checked; `draw` is uniform on [0, 1)."""
    return not state.sampling or draw < plan.fraction


def inclusion_probability(state: CspState, plan: CspPlan) -> float:
    """Probability with which the next piece of work is checked."""
    return plan.fraction if state.sampling else 1.0


def advance(state: CspState, plan: CspPlan, *, passed: bool) -> CspState:
    """Return the state after a check: one failure brings full checking back."""
    if not passed:
        return CspState()
    in_row = state.passes_in_row + 1
    return CspState(sampling=state.sampling or in_row >= plan.clearance, passes_in_row=in_row)
