"""The accuracy family of one scale, through ``analytics.ranking``, with floors and intervals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.ranking.accuracy import strict_hits
from analytics.ranking.clusters import ClusteredShare, clustered_share
from analytics.ranking.labelled import LabelledPairs, labelled_pairs
from analytics.ranking.pair_report import (
    PairAccuracyReport,
    report_calibrated,
    report_cross_fit,
)
from modeling.evaluation.pairs import PairTable

_FOLDS = 5


@dataclass(frozen=True, slots=True)
class ScaleAccuracy:
    """Accuracy on one dimension or the overall."""

    strict: ClusteredShare  # interval clustered by item
    with_ties: PairAccuracyReport | None  # None where too few items allow an honest threshold


def label_pairs(table: PairTable) -> LabelledPairs:
    """The pairs as analytics reads them."""
    return labelled_pairs(table.gap, np.sign(table.human).astype(np.int64))


def measure_accuracy(
    table: PairTable, *, calibration: PairTable | None, rng: np.random.Generator
) -> ScaleAccuracy:
    """Strict and three-class accuracy.

    The tie threshold comes from ``calibration`` (a split of other items) where there is one,
    else from cross-fitting by item; never from the pairs that it is judged on.
    """
    pairs = label_pairs(table)
    strict = clustered_share(strict_hits(pairs), table.item[table.strict])
    if calibration is not None and len(calibration):
        return ScaleAccuracy(strict, report_calibrated(pairs, label_pairs(calibration)))
    if len(np.unique(table.item)) < _FOLDS:
        return ScaleAccuracy(strict, None)
    return ScaleAccuracy(strict, report_cross_fit(pairs, table.item, rng, _FOLDS))
