"""Figures of annotators as a study keeps them: value, interval, n, shrunken value or a reason."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
from scipy.special import ndtri

from analytics.facet.fit import FacetFit
from analytics.raters.lines import Figure
from analytics.raters.shares import Share
from analytics.raters.shrinkage import shrink
from analytics.tables import RatingTable

MIN_ITEMS = 5
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
    severity = _shrunken(fit.severity, fit.severity_error)
    logs = np.log(fit.discrimination)
    discrimination = np.exp(_shrunken(logs, fit.log_discrimination_error))
    found = {}
    for place, label in enumerate(fit.rater_labels):
        error = float(fit.severity_error[place])
        log_error = float(fit.log_discrimination_error[place])
        value, log = float(fit.severity[place]), float(logs[place])
        found[str(label)] = {
            "severity": _facts(
                value,
                (value - Z * error, value + Z * error),
                float(severity[place]),
                items[label],
            ),
            "discrimination": _facts(
                float(np.exp(log)),
                (float(np.exp(log - Z * log_error)), float(np.exp(log + Z * log_error))),
                float(discrimination[place]),
                items[label],
            ),
        }
    return found


def _facts(value: float, bounds: tuple[float, float], shrunken: float, n: int) -> dict[str, Any]:
    is_few = n < MIN_ITEMS
    return {
        "value": value,
        "low": None if is_few else bounds[0],
        "high": None if is_few else bounds[1],
        "shrunken": shrunken,
        "n": n,
        "reason": "few_items" if is_few else None,
    }


def _shrunken(values: "np.ndarray[Any, Any]", errors: "np.ndarray[Any, Any]") -> Any:  # noqa: ANN401 - an array like the first
    """Pulled to the pool; as they are where an error is zero."""
    if not len(values) or not (errors > 0).all():
        return values
    return shrink(values.tolist(), errors.tolist()).values


def _items_of(table: RatingTable) -> Mapping[Hashable, int]:
    """Items that each annotator rated in the table."""
    pairs = np.unique(np.column_stack([table.rater, table.item]), axis=0)
    counts = np.bincount(pairs[:, 0], minlength=table.n_raters)
    return dict(zip(table.rater_labels, counts.tolist(), strict=True))
