"""Cohen's κ and Scott's π of two raters, plain or weighted, with the declared levels' weights."""

import math
from dataclasses import dataclass

import numpy as np

from analytics.agreement.coefficients.chance_corrected import ROUNDING
from analytics.agreement.coefficients.weights import WEIGHTS, Weighting
from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.estimates import Estimate, Reason
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.validation import Indices


@dataclass(frozen=True)
class KappaEstimate:
    """A two-rater coefficient.

    Attributes:
        estimate: its value, or why there is none.
        standard_error: large-sample standard error, None if undefined.
        n_units: units that both rated.
    """

    estimate: Estimate
    standard_error: float | None
    n_units: int


def confusion(first: Indices, second: Indices, n_levels: int) -> Floats:
    """Return the (V, V) counts of (first's level, second's level) over shared units.

    Args:
        first: (N,) level indices of one rater.
        second: (N,) of the other, on the same units.
        n_levels: V; unused levels count by the weights of a scale alone, see `Scale.among`.
    """
    cells = np.bincount(first * n_levels + second, minlength=n_levels * n_levels)
    return cells.reshape(n_levels, n_levels).astype(np.float64)


def shared_levels(table: RatingTable, first: int, second: int) -> tuple[Indices, Indices]:
    """Return the level indices that two raters gave to the units that both rated."""
    grid = np.full((2, table.n_units), -1, dtype=np.int64)
    for place, rater in enumerate((first, second)):
        mine = table.rater == rater
        grid[place, table.unit[mine]] = table.level[mine]
    shared = (grid >= 0).all(axis=0)
    return grid[0, shared], grid[1, shared]


def cohen_kappa(counts: Floats, scale: Scale, weighting: Weighting) -> KappaEstimate:
    """Cohen's κ of a (V, V) confusion matrix with its standard error.

    Sources: Cohen (1960, 1968); standard error of Fleiss, Cohen and Everitt (1969).

    >>> sas = np.array([[0, 4, 1], [0, 8, 0], [0, 1, 5]])
    >>> found = cohen_kappa(sas, Scale.of([1, 2, 3]), Weighting.IDENTITY)
    >>> round(found.estimate.value, 4), round(found.standard_error, 3)
    (0.4842, 0.138)
    """
    n_units = int(counts.sum())
    if n_units == 0:
        return KappaEstimate(Estimate(None, Reason.NO_OVERLAP), None, 0)
    weights, shares = WEIGHTS[weighting](scale), counts / n_units
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    by_chance = float(rows @ weights @ columns)
    # Products of shares may miss one by rounding where both raters use one level.
    if 1 - by_chance < ROUNDING:
        return KappaEstimate(Estimate(None, Reason.NO_VARIATION), None, n_units)
    observed = float((weights * shares).sum())
    kappa = (observed - by_chance) / (1 - by_chance)
    row_weights, column_weights = weights @ columns, rows @ weights
    terms = weights - (row_weights[:, None] + column_weights) * (1 - kappa)
    spread = float((shares * np.square(terms)).sum()) - (kappa - by_chance * (1 - kappa)) ** 2
    error = math.sqrt(max(spread, 0.0) / n_units) / (1 - by_chance)
    return KappaEstimate(Estimate(kappa), error, n_units)


def scott_pi(counts: Floats, scale: Scale, weighting: Weighting) -> Estimate:
    """Scott's π (1955): like Cohen's κ with both raters' mean margins for chance."""
    n_units = counts.sum()
    if n_units == 0:
        return Estimate(None, Reason.NO_OVERLAP)
    weights, shares = WEIGHTS[weighting](scale), counts / n_units
    margins = (shares.sum(axis=1) + shares.sum(axis=0)) / 2
    if np.count_nonzero(margins) == 1:
        return Estimate(None, Reason.NO_VARIATION)
    by_chance = float(margins @ weights @ margins)
    return Estimate((float((weights * shares).sum()) - by_chance) / (1 - by_chance))


def table_kappa(table: RatingTable, first: int, second: int, weighting: Weighting) -> KappaEstimate:
    """Cohen's κ of two raters of a table, by rater index, over the units that both rated."""
    few = on_present_levels(table)
    counts = confusion(*shared_levels(few, first, second), len(few.scale))
    return cohen_kappa(counts, few.scale, weighting)
