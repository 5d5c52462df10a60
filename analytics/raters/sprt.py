"""Wald's sequential test on gold answers: pause a bad annotator early, a good one rarely.

Source: Wald (1945), Sequential Tests of Statistical Hypotheses.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """State of the test."""

    CONTINUE = "continue"
    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True)
class SprtPlan:
    """Good accuracy against bad accuracy with two error rates.

    Attributes:
        good: accuracy p₀ of an annotator who should continue.
        bad: accuracy p₁ of one who should be paused.
        false_alarm: α, share of good annotators that one test pauses, at most about.
        miss: β, share of bad annotators that one test passes, at most about.
    """

    good: float = 0.9
    bad: float = 0.7
    false_alarm: float = 0.01
    miss: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.bad < self.good < 1:
            raise ValueError("need 0 < bad < good < 1")
        if not (0 < self.false_alarm < 1 and 0 < self.miss < 1 - self.false_alarm):
            raise ValueError("error rates must be positive and sum to less than one")

    @property
    def pass_step(self) -> float:
        """Log likelihood ratio, bad over good, of a right answer: negative."""
        return math.log(self.bad / self.good)

    @property
    def fail_step(self) -> float:
        """Log likelihood ratio of a wrong answer: positive."""
        return math.log((1 - self.bad) / (1 - self.good))

    @property
    def bad_boundary(self) -> float:
        """Log ratio at which the annotator counts as bad."""
        return math.log((1 - self.miss) / self.false_alarm)

    @property
    def good_boundary(self) -> float:
        """Log ratio at which the annotator counts as good."""
        return math.log(self.miss / (1 - self.false_alarm))

    def pause_probability(self, accuracy: float) -> float:
        """Wald's operating characteristic: probability that one test ends in `BAD`.

        >>> plan = SprtPlan(false_alarm=0.05, miss=0.05)
        >>> round(plan.pause_probability(0.9), 3), round(plan.pause_probability(0.7), 3)
        (0.05, 0.95)
        """
        power = self._power(accuracy)
        low, high = self.good_boundary, self.bad_boundary
        if abs(power) < TINY:
            return -low / (high - low)
        return (1 - math.exp(power * low)) / (math.exp(power * high) - math.exp(power * low))

    def expected_answers(self, accuracy: float) -> float:
        """Wald's average sample number: gold answers until one test ends."""
        paused = self.pause_probability(accuracy)
        drift = accuracy * self.pass_step + (1 - accuracy) * self.fail_step
        ends = paused * self.bad_boundary + (1 - paused) * self.good_boundary
        if abs(drift) < TINY:
            spread = accuracy * self.pass_step**2 + (1 - accuracy) * self.fail_step**2
            return -self.good_boundary * self.bad_boundary / spread
        return ends / drift

    def _power(self, accuracy: float) -> float:
        """Root h ≠ 0 of E[exp(h · step)] = 1, by bisection on its side of zero."""
        drift = accuracy * self.pass_step + (1 - accuracy) * self.fail_step
        if abs(drift) < TINY:
            return 0.0
        sign = -1.0 if drift > 0 else 1.0

        def excess(size: float) -> float:
            h = sign * size
            right = accuracy * math.exp(h * self.pass_step)
            return right + (1 - accuracy) * math.exp(h * self.fail_step) - 1

        low, high = 0.0, 1.0
        while excess(high) < 0:
            low, high = high, 2 * high
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            low, high = (middle, high) if excess(middle) < 0 else (low, middle)
        return sign * high


TINY = 1e-9
BISECTIONS = 80


@dataclass(frozen=True)
class SprtState:
    """The state of a running test.

    Attributes:
        log_ratio: log likelihood ratio, bad over good.
        n: answers in this test.
        n_tests: tests that ended in `GOOD` before it.
        verdict: of the last answer; after `GOOD` the next answer starts a new test.
    """

    log_ratio: float = 0.0
    n: int = 0
    n_tests: int = 0
    verdict: Verdict = Verdict.CONTINUE


def advance(state: SprtState, plan: SprtPlan, *, passed: bool) -> SprtState:
    """Return the state after one more gold answer; `BAD` is final until someone resets it."""
    if state.verdict is Verdict.BAD:
        return state
    fresh = state.verdict is Verdict.GOOD
    ratio = (0.0 if fresh else state.log_ratio) + (plan.pass_step if passed else plan.fail_step)
    verdict = Verdict.CONTINUE
    if ratio >= plan.bad_boundary:
        verdict = Verdict.BAD
    elif ratio <= plan.good_boundary:
        verdict = Verdict.GOOD
    return SprtState(
        log_ratio=ratio,
        n=1 if fresh else state.n + 1,
        n_tests=state.n_tests + (1 if fresh else 0),
        verdict=verdict,
    )


def run(outcomes: Iterable[bool], plan: SprtPlan) -> SprtState:
    """Return the state after a sequence of gold answers."""
    state = SprtState()
    for passed in outcomes:
        state = advance(state, plan, passed=passed)
    return state
