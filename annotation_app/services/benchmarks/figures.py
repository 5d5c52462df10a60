"""Figures of benchmarks as JSON: exact fractions become floats, undefined figures stay null."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from analytics.benchmark.rows import GroupRow
from analytics.estimates import Interval
from analytics.ranking.proportions import Proportion, clopper_pearson


def numbers(values: Sequence[float]) -> list[float | str]:
    """Numbers as JSON can hold them: one that is not finite becomes its name."""
    return [value if isfinite(value) else str(value) for value in values]


def share(found: Proportion) -> dict[str, Any]:
    """A share with its exact interval."""
    return {
        "correct": found.correct,
        "total": found.total,
        "value": found.value,
        "exact": ends(clopper_pearson(found)),
    }


def ends(interval: Interval | None) -> list[float] | None:
    """An interval as [low, high]."""
    return None if interval is None or interval.bounds is None else list(interval.bounds)


def rows_to_json(rows: Sequence[GroupRow]) -> list[dict[str, Any]]:
    """Score sheet rows: n, all-or-nothing accuracy, both intervals, both floors; pooled last."""
    return [
        {
            "k": row.k,
            "groups": row.groups,
            "items": row.clustered.clusters,
            "human_ties": row.human_ties,
            "failed": row.failed,
            "correct": row.accuracy.correct,
            "value": row.accuracy.value,
            "exact": ends(row.exact),
            "cluster": ends(row.clustered.interval),
            "floor_scores": float(row.floor_scores),
            "floor_labels": float(row.floor_labels),
        }
        for row in rows
    ]
