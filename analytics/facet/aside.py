"""Raters whose levels do not follow quality: who is set aside, and how they discriminate.

Thresholds are common to all raters. Raters who answer at random, or always the same, have different
shares of levels: fitted together they would bend the thresholds, and with them everyone's figures.
Their answers carry almost no information about quality, so the others are fitted without them; they
get a discrimination on separate thresholds, at the quality that the others see.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import xlogy

from analytics.agreement.sums.layout import Floats
from analytics.facet.errors import clustered_errors
from analytics.facet.likelihood import TINY, Quadrature, curves
from analytics.facet.parameters import with_average
from analytics.facet.search import FacetOptions, Mode, find_mode
from analytics.limits import FEWEST_RATERS
from analytics.scales import Scale
from analytics.tables import RatingTable

# The same level this often is set aside even where the common thresholds can follow it: they can
# at the ends of the scale, with a location far from everybody's.
FEWEST_ALIKE = 20
# Relative improvement at which a fit is good enough to see who is to be set aside.
ROUGH = 1e-5


def fit_without_aside(
    table: RatingTable, quadrature: Quadrature, options: FacetOptions
) -> tuple[Mode, NDArray[np.bool_]]:
    """Fit, set raters aside, and fit again until no more are; return the mode and a (R,) mask.

    No rater is set aside if fewer than two would be left.
    """
    rated = np.bincount(table.rater, minlength=table.n_raters) > 0
    aside, kept = np.zeros(table.n_raters, dtype=np.bool_), table
    rough = replace(options, tolerance=max(options.tolerance, ROUGH))
    mode = find_mode(table, quadrature, rough)
    while True:
        more = aside | _unresponsive(kept, mode, quadrature)
        if (more == aside).all() or (rated & ~more).sum() < FEWEST_RATERS:
            return find_mode(kept, quadrature, options, start=mode.parameters), aside
        aside = more
        kept = table.keep(~aside[table.rater])
        start = with_average(mode.parameters, aside)
        mode = find_mode(kept, quadrature, rough, start=start)


def own_discrimination(
    table: RatingTable, rater: int, mode: Mode, quadrature: Quadrature, options: FacetOptions
) -> tuple[float, float]:
    """Return the discrimination of a rater set aside and its variance; infinite if all are alike.

    Args:
        table: all ratings.
        rater: the rater that was set aside.
        mode: the fit without them.
        quadrature: its nodes.
        options: of the fit.
    """
    mine = table.rater == rater
    units = table.unit[mine]
    used, level = np.unique(table.level[mine], return_inverse=True)
    if len(used) == 1:
        return 0.0, np.inf
    own = replace(
        table,
        unit=np.arange(len(units)),
        rater=np.zeros(len(units), dtype=np.int64),
        level=level,
        unit_item=table.unit_item[units],
        scale=Scale.of([table.scale.values[place] for place in used.tolist()]),
        unit_labels=range(len(units)),
        rater_labels=[table.rater_labels[rater]],
    )
    seen = Quadrature(quadrature.nodes, np.log(np.maximum(mode.weights[units], TINY)))
    found = find_mode(own, seen, options)
    errors = clustered_errors(own, found.parameters, found.weights, seen, options.priors)
    return float(found.parameters.discrimination[0]), float(errors.discrimination[0])


def _unresponsive(table: RatingTable, mode: Mode, quadrature: Quadrature) -> NDArray[np.bool_]:
    """(R,) whether a rater's own shares of levels explain their levels better than quality does.

    Each level is foretold from quality as the other raters of the unit see it. Better by more
    than (V - 1) / 2 · log n: what Schwarz's criterion (1978) charges for the shares.
    """
    n_levels = len(table.scale)
    cells = table.n_raters * n_levels
    counts = np.bincount(table.rater * n_levels + table.level, minlength=cells)
    counts = counts.reshape(table.n_raters, n_levels)
    given = counts.sum(axis=1)
    shares = xlogy(counts, counts / np.maximum(given, 1)[:, None]).sum(axis=1)
    foretold = np.bincount(
        table.rater, weights=_log_foretold(table, mode, quadrature), minlength=table.n_raters
    )
    price = (n_levels - 1) / 2 * np.log(np.maximum(given, 1))
    alike = (counts.max(axis=1) == given) & (given >= FEWEST_ALIKE)
    return np.asarray(alike | (shares - foretold > price))


def _log_foretold(table: RatingTable, mode: Mode, quadrature: Quadrature) -> Floats:
    """(N,) log probability of each rating given the unit's other ratings."""
    shares = curves(mode.parameters, quadrature.nodes).shares
    given = shares.reshape(-1, len(quadrature.nodes))[table.rater * len(table.scale) + table.level]
    without = mode.weights[table.unit] / np.maximum(given, TINY)
    return np.asarray(-np.log(without.sum(axis=1)))
