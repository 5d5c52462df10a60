"""What the ratings say about the parameters: scores of units, and the observed information.

Columns of every matrix: (R) discriminations, (R) locations, (V - 1) thresholds.
"""

import numpy as np
from scipy import sparse

from analytics.agreement.sums.layout import Floats
from analytics.agreement.sums.patterns import Integers
from analytics.facet.likelihood import (
    TINY,
    Curves,
    Design,
    Quadrature,
    expected_counts,
    logit_slopes,
)
from analytics.tables import RatingTable


def cell_scores(found: Curves, nodes: Floats) -> Floats:
    """(R, V, V + 1, Q) derivatives of log P(level | quality node).

    By the rater's discrimination, the rater's location, and each threshold.
    """
    n_levels = found.log_shares.shape[1]
    slopes = np.stack(
        [
            logit_slopes(found, np.broadcast_to(row[:, None], found.log_shares.shape))
            for row in np.eye(n_levels)
        ],
        axis=1,
    )
    total = slopes.sum(axis=2, keepdims=True)
    return np.concatenate([total * nodes, -total, -slopes], axis=2)


def rating_scores(table: RatingTable, scores: Floats, weights: Floats) -> Floats:
    """(N, V + 1) expected score of each rating: `cell_scores` by (U, Q) posterior weights."""
    n_raters, n_levels, n_columns, n_nodes = scores.shape
    flat = scores.reshape(n_raters * n_levels, n_columns, n_nodes)
    cell = table.rater * n_levels + table.level
    rows = np.empty((table.n_ratings, n_columns))
    for column in range(n_columns):
        rows[:, column] = np.einsum("nq,nq->n", flat[cell, column], weights[table.unit])
    return rows


def summed_scores(
    cluster: Integers, n_clusters: int, rater: Integers, rows: Floats, n_raters: int
) -> sparse.csr_array:
    """(G, 2R + V - 1) scores of ratings summed within clusters."""
    columns = _columns(rater, n_raters, rows.shape[1] - 2)
    cells = (np.repeat(cluster, rows.shape[1]), columns.reshape(-1))
    shape = (n_clusters, 2 * n_raters + rows.shape[1] - 2)
    return sparse.csr_array((rows.reshape(-1), cells), shape=shape)


def observed_information(
    design: Design,
    found: Curves,
    weights: Floats,
    quadrature: Quadrature,
    by_unit: sparse.csr_array,
) -> Floats:
    """(2R + V - 1, 2R + V - 1) minus the second derivatives of the marginal log likelihood.

    Louis (1982): the expected information of the complete data, less the variance of the complete
    data's score under the posterior of quality.

    Args:
        design: which rater gave which level to which unit.
        found: the curves at the estimate.
        weights: (U, Q) posterior of quality.
        quadrature: its nodes.
        by_unit: (U, 2R + V - 1) expected scores of the units.
    """
    complete = _complete_information(found, expected_counts(design, weights), quadrature.nodes)
    scores = cell_scores(found, quadrature.nodes)
    squares = np.zeros_like(complete)
    for node in range(len(quadrature.nodes)):
        weighted = design.chosen.T.multiply(weights[:, node]).tocsr()
        by_cell = _cell_matrix(scores[..., node])
        squares += (by_cell.T @ (weighted @ design.chosen) @ by_cell).toarray()
    return np.asarray(complete - squares + (by_unit.T @ by_unit).toarray())


def _cell_matrix(scores: Floats) -> sparse.csr_array:
    """(R · V, 2R + V - 1) scores of each rater's each level at one node."""
    n_raters, n_levels, n_columns = scores.shape
    cell = np.arange(n_raters * n_levels)
    rows = scores.reshape(len(cell), n_columns)
    return summed_scores(cell, len(cell), cell // n_levels, rows, n_raters)


def _columns(rater: Integers, n_raters: int, n_thresholds: int) -> Integers:
    """(N, V + 1) columns that a rating of each rater has a score in."""
    last = np.broadcast_to(2 * n_raters + np.arange(n_thresholds), (len(rater), n_thresholds))
    return np.column_stack([rater, rater + n_raters, last])


def _complete_information(found: Curves, expected: Floats, nodes: Floats) -> Floats:
    """Minus the second derivatives of Σ expected · log P; the logits are linear in all columns."""
    curved = _logit_information(found, expected)
    n_raters, n_thresholds = curved.shape[:2]
    by_threshold = curved.sum(axis=2)
    total = by_threshold.sum(axis=1)
    whose = np.arange(n_raters)
    late = slice(2 * n_raters, None)
    result = np.zeros((2 * n_raters + n_thresholds,) * 2)
    result[whose, whose] = total @ np.square(nodes)
    result[n_raters + whose, n_raters + whose] = total.sum(axis=1)
    result[whose, n_raters + whose] = result[n_raters + whose, whose] = -(total @ nodes)
    result[:n_raters, late] = -(by_threshold @ nodes)
    result[n_raters : 2 * n_raters, late] = by_threshold.sum(axis=2)
    result[late, : 2 * n_raters] = result[: 2 * n_raters, late].T
    result[late, late] = curved.sum(axis=(0, 3))
    return result


def _logit_information(found: Curves, expected: Floats) -> Floats:
    """(R, V - 1, V - 1, Q) minus the second derivatives of Σ expected · log P by the logits."""
    inner = found.above[:, 1:-1]
    density = inner * (1 - inner)
    share = np.maximum(found.shares, TINY)
    per_share, per_square = expected / share, expected / np.square(share)
    n_thresholds = inner.shape[1]
    result = np.zeros((len(inner), n_thresholds, *inner.shape[1:]))
    place = np.arange(n_thresholds)
    bend = density * (1 - 2 * inner) * (per_share[:, :-1] - per_share[:, 1:])
    steep = np.square(density) * (per_square[:, :-1] + per_square[:, 1:])
    result[:, place, place] = steep + bend
    beside = -density[:, :-1] * density[:, 1:] * per_square[:, 1:-1]
    result[:, place[:-1], place[1:]] = result[:, place[1:], place[:-1]] = beside
    return result
