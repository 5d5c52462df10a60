"""Standard errors of severity and log discrimination, clustered by item."""

import numpy as np
from scipy import sparse

from analytics.agreement.layout import Floats
from analytics.agreement.patterns import Integers
from analytics.facet.likelihood import Priors, Quadrature, unit_scores
from analytics.facet.parameters import FacetParameters
from analytics.tables import RatingTable


def clustered_errors(
    table: RatingTable,
    parameters: FacetParameters,
    weights: Floats,
    quadrature: Quadrature,
    priors: Priors,
) -> tuple[Floats, Floats]:
    """Return (R,) standard errors of severity and of log discrimination.

    The sandwich H⁻¹ J H⁻¹: H from the outer products of the units' scores plus the priors, J from
    those of the items' scores, so that candidates of one item may depend on each other.
    """
    n_raters = table.n_raters
    rater, rows = unit_scores(table, parameters, weights, quadrature)
    by_unit = _sum_scores(table.unit, table.n_units, rater, rows, n_raters)
    by_item = _sum_scores(table.item, table.n_items, rater, rows, n_raters)
    information = np.asarray((by_unit.T @ by_unit).todense())
    diagonal = np.zeros(len(information))
    diagonal[:n_raters] = 1 / priors.severity_sd**2
    diagonal[n_raters : 2 * n_raters] = 1 / priors.discrimination_sd**2
    inverse = np.linalg.pinv(information + np.diag(diagonal))
    outer = np.asarray((by_item.T @ by_item).todense())
    variance = np.diag(inverse @ outer @ inverse)
    errors = np.sqrt(np.maximum(variance, 0))
    return errors[:n_raters], errors[n_raters : 2 * n_raters]


def _sum_scores(
    cluster: Integers, n_clusters: int, rater: Integers, rows: Floats, n_raters: int
) -> sparse.csr_array:
    """(G, 2R + V - 1) scores summed within clusters."""
    n_thresholds = rows.shape[1] - 2
    columns = [
        rater,
        rater + n_raters,
        *(np.full_like(rater, 2 * n_raters + place) for place in range(n_thresholds)),
    ]
    shape = (n_clusters, 2 * n_raters + n_thresholds)
    cells = (np.tile(cluster, len(columns)), np.concatenate(columns))
    return sparse.csr_array((rows.T.reshape(-1), cells), shape=shape)
