"""Splits a table into strata: by category, generator, guideline version, design or time."""

from collections.abc import Hashable, Sequence

import numpy as np

from analytics.tables import RatingTable
from analytics.validation import Indices


def split_by_unit(table: RatingTable, strata: Sequence[Hashable]) -> dict[Hashable, RatingTable]:
    """Return one table per stratum of units, in order of first appearance.

    Args:
        table: one dimension's ratings.
        strata: (U,) stratum of each unit, e.g. its generator.

    Raises:
        ValueError: not one stratum per unit.
    """
    if len(strata) != table.n_units:
        raise ValueError(f"{len(strata)} strata for {table.n_units} units")
    return _split(table, strata, table.unit)


def split_by_item(table: RatingTable, strata: Sequence[Hashable]) -> dict[Hashable, RatingTable]:
    """Return one table per stratum of (G,) items, e.g. their category or source."""
    if len(strata) != table.n_items:
        raise ValueError(f"{len(strata)} strata for {table.n_items} items")
    return _split(table, strata, table.item)


def _split(
    table: RatingTable, strata: Sequence[Hashable], of_rating: Indices
) -> dict[Hashable, RatingTable]:
    codes = {name: code for code, name in enumerate(dict.fromkeys(strata))}
    code = np.array([codes[name] for name in strata], dtype=np.int64)
    mine = code[of_rating]
    return {name: table.keep(mine == place) for name, place in codes.items()}
