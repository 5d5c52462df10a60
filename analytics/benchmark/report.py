"""A benchmark's score sheet for systems that score candidates: groups, pairs and τ-b."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analytics.benchmark.rows import GroupRow, JudgedGroup, group_rows, strict_only
from analytics.benchmark.scoring import ScoredGroup, is_hit, pairs_of_groups, tau_b_of_groups
from analytics.ranking.accuracy import NEVER_TIE
from analytics.ranking.clusters import ClusteredMean, clustered_mean
from analytics.ranking.labelled import LabelledPairs
from analytics.ranking.pair_report import PairAccuracyReport, report_calibrated, report_cross_fit
from analytics.ranking.tie_threshold import fit_tie_threshold


@dataclass(frozen=True, slots=True)
class BenchmarkReport:
    """Strict groups (the primary figure), all groups at ε, pairs, and mean τ-b.

    ``strict_rows`` leave out groups in which humans tie; ``tied_rows`` hold all groups, a pair
    being a tie where |difference| ≤ ε. The pooled row comes last.
    """

    strict_rows: tuple[GroupRow, ...]
    tied_rows: tuple[GroupRow, ...]
    epsilon: float
    pairs: PairAccuracyReport
    tau_b: ClusteredMean


def score_benchmark(
    groups: Sequence[ScoredGroup], calibration: LabelledPairs, rng: np.random.Generator
) -> BenchmarkReport:
    """Score a system's predictions on every group of a benchmark.

    Args:
        groups: all groups, failed ones included.
        calibration: pairs outside the benchmark on which ε is fitted; if it has none, the pair
            accuracy cross-fits ε by item and the groups allow no tie.
        rng: deals items to folds; unused with a calibration split.

    Raises:
        ValueError: if there is no group, or too few items to cross-fit.
    """
    if not groups:
        raise ValueError("a benchmark without groups has no score")
    pairs, items = pairs_of_groups(groups)
    calibrated = bool(calibration.label.size)
    epsilon = fit_tie_threshold(calibration).epsilon if calibrated else NEVER_TIE
    return BenchmarkReport(
        strict_rows=group_rows(strict_only(_judged(groups, NEVER_TIE))),
        tied_rows=group_rows(_judged(groups, epsilon)),
        epsilon=epsilon,
        pairs=report_calibrated(pairs, calibration)
        if calibrated
        else report_cross_fit(pairs, items, rng),
        tau_b=clustered_mean(tau_b_of_groups(groups), item_numbers(groups)),
    )


def item_numbers(groups: Sequence[ScoredGroup]) -> NDArray[np.int64]:
    """Return a number per group that equal items share, shape (G,)."""
    numbers = np.unique([group.item_id for group in groups], return_inverse=True)[1]
    return numbers.astype(np.int64)


def _judged(groups: Sequence[ScoredGroup], epsilon: float) -> list[JudgedGroup]:
    return [JudgedGroup(g.item_id, g.order, is_hit(g, epsilon), g.failed) for g in groups]
