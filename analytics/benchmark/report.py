"""A benchmark's score sheet: per K and pooled, with intervals and both random floors."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from analytics.benchmark.orders import HumanOrder
from analytics.benchmark.scoring import ScoredGroup, hits, pairs_of_groups, tau_b_of_groups
from analytics.ranking.accuracy import NEVER_TIE
from analytics.ranking.clusters import (
    ClusteredMean,
    ClusteredShare,
    clustered_mean,
    clustered_share,
)
from analytics.ranking.floors import random_ranking_floor, uniform_label_floor
from analytics.ranking.labelled import LabelledPairs
from analytics.ranking.pair_report import PairAccuracyReport, report_calibrated, report_cross_fit
from analytics.ranking.proportions import Interval, Proportion, clopper_pearson
from analytics.ranking.tie_threshold import fit_tie_threshold

PAIR_LABELS = 4
"""Labels of a lone pair: A>B, B>A, both good, both bad; in larger groups every pair has two."""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """All-or-nothing accuracy of one K (None: pooled) over groups in the published order.

    ``exact`` treats groups as independent; ``clustered`` counts items. ``floor_scores`` is what
    random scores reach, ``floor_labels`` what independent random labels reach.
    """

    k: int | None
    groups: int
    human_ties: int
    failed: int
    accuracy: Proportion
    exact: Interval | None
    clustered: ClusteredShare
    floor_scores: Fraction
    floor_labels: Fraction


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
        calibration: pairs outside the benchmark on which ε is fitted; if it holds none, the pair
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
    strict = [group for group in groups if group.order.is_strict]
    return BenchmarkReport(
        strict_rows=group_rows(strict, NEVER_TIE),
        tied_rows=group_rows(groups, epsilon),
        epsilon=epsilon,
        pairs=report_calibrated(pairs, calibration)
        if calibrated
        else report_cross_fit(pairs, items, rng),
        tau_b=clustered_mean(tau_b_of_groups(groups), item_numbers(groups)),
    )


def group_rows(groups: Sequence[ScoredGroup], epsilon: float) -> tuple[GroupRow, ...]:
    """Return one row per K in ascending order, then the pooled row; none without groups."""
    ks = sorted({group.order.k for group in groups})
    rows = [_row(k, [g for g in groups if g.order.k == k], epsilon) for k in ks]
    return (*rows, _row(None, groups, epsilon)) if rows else ()


def pooled_floors(orders: Sequence[HumanOrder]) -> tuple[Fraction, Fraction]:
    """Return the expected pooled accuracy of random scores and of independent random labels.

    Continuous random scores never tie, so a human tie is out of their reach.
    """
    scores = sum(random_ranking_floor(o.k) if o.is_strict else Fraction(0) for o in orders)
    labels = sum(
        count * uniform_label_floor(k, PAIR_LABELS if k == 2 else 2)  # noqa: PLR2004 - the pair
        for k, count in Counter(order.k for order in orders).items()
    )
    return Fraction(scores, len(orders)), Fraction(labels, len(orders))


def item_numbers(groups: Sequence[ScoredGroup]) -> NDArray[np.int64]:
    """Return a number per group that equal items share, shape (G,)."""
    numbers = np.unique([group.item_id for group in groups], return_inverse=True)[1]
    return numbers.astype(np.int64)


def _row(k: int | None, groups: Sequence[ScoredGroup], epsilon: float) -> GroupRow:
    right = hits(groups, epsilon)
    clustered = clustered_share(right, item_numbers(groups))
    floor_scores, floor_labels = pooled_floors([group.order for group in groups])
    return GroupRow(
        k=k,
        groups=len(groups),
        human_ties=sum(not group.order.is_strict for group in groups),
        failed=sum(group.failed for group in groups),
        accuracy=clustered.share,
        exact=clopper_pearson(clustered.share),
        clustered=clustered,
        floor_scores=floor_scores,
        floor_labels=floor_labels,
    )
