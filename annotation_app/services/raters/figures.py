"""Figures of annotators as a study keeps them: value, interval, n, shrunken value or a reason."""

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from analytics.agreement.sums.layout import Floats
from analytics.estimates import Reason
from analytics.facet.fit import FacetFit
from analytics.limits import FEWEST_ITEMS
from analytics.raters.binomial_shares import Share
from analytics.raters.rater_figures import Figure
from analytics.raters.shrinkage import FEWEST, shrink
from analytics.t_intervals import normal_quantile
from analytics.tables import RatingTable

Z = normal_quantile()


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
    """Severity and discrimination of every annotator, by user id; n counts items.

    An annotator whose discrimination is not distinguishable from zero has no severity; one who
    always gave the same level has no discrimination either. `aside` marks those whose levels the
    fit left out.
    """
    items = _items_of(table)
    half = Z * fit.discrimination_error
    severities = _shrunken(fit.severity, fit.severity_error)
    sharpness = _shrunken(fit.discrimination, fit.discrimination_error)
    found = {}
    for place, label in enumerate(fit.rater_labels):
        n = items[label]
        value = float(fit.discrimination[place])
        bounds = (float(fit.severity_low[place]), float(fit.severity_high[place]))
        severity = _facts(
            float(fit.severity[place]), bounds, severities[place], n, Reason.NO_DISCRIMINATION
        )
        bounds = (value - float(half[place]), value + float(half[place]))
        discrimination = _facts(value, bounds, sharpness[place], n, Reason.NO_VARIATION)
        discrimination["aside"] = bool(fit.is_aside[place])
        found[str(label)] = {"severity": severity, "discrimination": discrimination}
    return found


def _facts(
    value: float, bounds: tuple[float, float], shrunken: float | None, n: int, unbounded: Reason
) -> dict[str, Any]:
    """A figure with its bounds; `unbounded` is why there is none where they are infinite."""
    if not all(map(math.isfinite, bounds)):
        figure: dict[str, Any] = {"value": None, "low": None, "high": None}
        return figure | {"shrunken": None, "n": n, "reason": unbounded.value}
    low, high = bounds if n >= FEWEST_ITEMS else (None, None)
    reason = None if n >= FEWEST_ITEMS else Reason.FEW_ITEMS.value
    figure = {"value": value, "low": low, "high": high}
    return figure | {"shrunken": shrunken, "n": n, "reason": reason}


def _shrunken(values: Floats, errors: Floats) -> Sequence[float | None]:
    """Shrunk to the pool of those with an error; none if too few show their own spread."""
    known = np.flatnonzero(np.isfinite(errors))
    found: list[float | None] = [None] * len(values)
    if len(known) >= FEWEST and (errors[known] > 0).all():
        pulled = shrink(values[known].tolist(), errors[known].tolist()).values.tolist()
        for place, value in zip(known.tolist(), pulled, strict=True):
            found[place] = value
    return found


def _items_of(table: RatingTable) -> Mapping[Hashable, int]:
    """Items that each annotator rated in the table."""
    pairs = np.unique(np.column_stack([table.rater, table.item]), axis=0)
    counts = np.bincount(pairs[:, 0], minlength=table.n_raters)
    return dict(zip(table.rater_labels, counts.tolist(), strict=True))
