"""Everything that belongs with one pair accuracy, in one frozen result."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from analytics.ranking.accuracy import strict_accuracy, three_class_accuracy
from analytics.ranking.floors import PairFloors, pair_floors
from analytics.ranking.labelled import LabelledPairs
from analytics.ranking.proportions import Proportion
from analytics.ranking.tie_threshold import cross_fit, fit_tie_threshold


class ThresholdOrigin(StrEnum):
    """Where the tie threshold comes from."""

    CALIBRATION = "calibration"
    CROSS_FIT = "cross_fit"
    TEST_AS_PUBLISHED = "test_as_published"


@dataclass(frozen=True, slots=True)
class PairAccuracyReport:
    """Strict-only and three-class accuracy, the origin of ε, the floors and the counts."""

    pairs: int
    human_ties: int
    failed: int
    strict: Proportion
    three_class: Proportion
    epsilon: tuple[float, ...]
    origin: ThresholdOrigin
    floors: PairFloors


def report_calibrated(test: LabelledPairs, calibration: LabelledPairs) -> PairAccuracyReport:
    """Return the report with ε fitted on a split that shares no pair with the test."""
    epsilon = fit_tie_threshold(calibration).epsilon
    with_ties = three_class_accuracy(test, epsilon)
    return _report(test, with_ties, (epsilon,), ThresholdOrigin.CALIBRATION)


def report_cross_fit(
    pairs: LabelledPairs, cluster: NDArray[np.int64], rng: np.random.Generator, folds: int = 5
) -> PairAccuracyReport:
    """Return the report with ε cross-fitted by cluster, for when no calibration split exists."""
    fit = cross_fit(pairs, cluster, folds, rng)
    return _report(pairs, fit.accuracy, fit.epsilons, ThresholdOrigin.CROSS_FIT)


def report_as_published(pairs: LabelledPairs) -> PairAccuracyReport:
    """Return the report with ε fitted on the test pairs themselves, as old tables were made."""
    fit = fit_tie_threshold(pairs)
    return _report(pairs, fit.calibration, (fit.epsilon,), ThresholdOrigin.TEST_AS_PUBLISHED)


def _report(
    pairs: LabelledPairs,
    three_class: Proportion,
    epsilon: tuple[float, ...],
    origin: ThresholdOrigin,
) -> PairAccuracyReport:
    return PairAccuracyReport(
        pairs=int(pairs.label.size),
        human_ties=int(np.count_nonzero(pairs.tied)),
        failed=int(np.count_nonzero(pairs.failed)),
        strict=strict_accuracy(pairs),
        three_class=three_class,
        epsilon=epsilon,
        origin=origin,
        floors=pair_floors(pairs),
    )
