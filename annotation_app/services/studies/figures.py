"""Figures of annotators as a study keeps them: value, interval, n, shrunken value or a reason."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from scipy.special import ndtri

from analytics.agreement.layout import Floats
from analytics.estimates import Reason
from analytics.facet.fit import FacetFit
from analytics.raters.lines import Figure
from analytics.raters.shares import Share
from analytics.raters.shrinkage import FEWEST, shrink
from analytics.tables import RatingTable

MIN_ITEMS = 5
# Items that all say the same leave no error but rounding: that is no certainty.
SMALLEST_ERROR = 1e-6
Z = float(ndtri(0.975))


def figure_facts(figure: Figure) -> dict[str, Any]:
    """A figure with its interval, or why there is none."""
    reason = figure.estimate.reason or figure.interval.reason
    bounds = figure.interval.bounds or (None, None)
    return {
        "value": figure.estimate.value,
        "low": bounds[0],
        "high": bounds[1],
        "n": figure.n_items,
        "reason": None if reason is None else reason.value,
    }


def share_facts(found: Share) -> dict[str, Any]:
    """A share with its exact interval; without cases there is none."""
    return {
        "value": found.value,
        "low": found.low if found.n else None,
        "high": found.high if found.n else None,
        "n": found.n,
        "reason": None if found.n else "no_cases",
    }


def facet_facts(fit: FacetFit, table: RatingTable) -> dict[str, dict[str, dict[str, Any]]]:
    """Severity and discrimination of every annotator, by user id.

    The interval of the discrimination is that of its logarithm, turned back. n counts items.
    """
    items = _items_of(table)
    severities = _shrunken(fit.severity, fit.severity_error)
    logs = np.log(fit.discrimination)
    sharpness = _shrunken(logs, fit.log_discrimination_error)
    found = {}
    for place, label in enumerate(fit.rater_labels):
        spans = (
            (fit.severity[place], fit.severity_error[place]),
            (logs[place], fit.log_discrimination_error[place]),
        )
        n = items[label]
        severity = _facts(*spans[0], severities[place], n)
        log = _facts(*spans[1], sharpness[place], n)
        turned = {key: _exp(log[key]) for key in ("value", "low", "high", "shrunken")}
        found[str(label)] = {"severity": severity, "discrimination": log | turned}
    return found


def _facts(value: float, error: float, shrunken: float | None, n: int) -> dict[str, Any]:
    reason = None
    if n < MIN_ITEMS:
        reason = Reason.FEW_ITEMS.value
    elif error < SMALLEST_ERROR:
        reason = Reason.NO_DISAGREEMENT.value
    return {
        "value": float(value),
        "low": None if reason else float(value - Z * error),
        "high": None if reason else float(value + Z * error),
        "shrunken": shrunken,
        "n": n,
        "reason": reason,
    }


def _exp(value: float | None) -> float | None:
    return None if value is None else math.exp(value)


def _shrunken(values: Floats, errors: Floats) -> Sequence[float | None]:
    """Pulled to the pool; none where too few annotators tell their own spread from noise."""
    if len(values) < FEWEST or not (errors > SMALLEST_ERROR).all():
        return [None] * len(values)
    found: list[float | None] = [*shrink(values.tolist(), errors.tolist()).values.tolist()]
    return found


def _items_of(table: RatingTable) -> Mapping[Hashable, int]:
    """Items that each annotator rated in the table."""
    pairs = np.unique(np.column_stack([table.rater, table.item]), axis=0)
    counts = np.bincount(pairs[:, 0], minlength=table.n_raters)
    return dict(zip(table.rater_labels, counts.tolist(), strict=True))
