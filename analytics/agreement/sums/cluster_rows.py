"""Vectors of clusters, dense where there are few levels and sparse where there are many."""

from typing import TypeAlias

import numpy as np

from analytics.agreement.sums.layout import Floats, Layout
from analytics.agreement.sums.parted_sums import AnySums, PartedSums
from analytics.agreement.sums.patterns import cluster_sums, find_patterns
from analytics.agreement.sums.present_levels import is_dense
from analytics.agreement.sums.sparse_vectors import SparseVectors, level_counts, unit_vectors
from analytics.tables import RatingTable

# (G, K) vectors of G clusters.
Rows: TypeAlias = Floats | SparseVectors


def item_rows(table: RatingTable) -> Rows:
    """Return the sums of each item of a table on its present levels, items without ratings too."""
    if is_dense(table):
        layout = Layout(len(table.scale))
        return cluster_sums(table.unit_item, table.n_items, find_patterns(table), layout)
    units = unit_vectors(table.scale, level_counts(table))
    return units.summed(table.unit_item, table.n_items)


def rated(rows: Rows) -> Floats:
    """(G,) units with any rating in each cluster."""
    return rows.n_rated if isinstance(rows, SparseVectors) else np.asarray(rows[:, -2])


def pairable(rows: Rows) -> Floats:
    """(G,) units with at least two ratings in each cluster."""
    return rows.n_pairable if isinstance(rows, SparseVectors) else np.asarray(rows[:, -1])


def total_of(rows: Rows) -> AnySums:
    """Return the sum over all clusters."""
    if isinstance(rows, SparseVectors):
        return PartedSums(rows.layout, rows.total())
    return np.asarray(rows.sum(axis=0))


def spread_over(rows: Rows, places: np.ndarray, n_places: int) -> Rows:
    """Return (n_places, K) rows with each row at its place and zeros elsewhere."""
    if isinstance(rows, SparseVectors):
        return rows.summed(places, n_places)
    found = np.zeros((n_places, rows.shape[1]))
    found[places] = rows
    return found
