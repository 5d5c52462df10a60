"""The published table's own intervals: a seeded bootstrap of items, from the ratings themselves.

α alone: it rests on units with two ratings, so the items with one rating need not be read.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np

from analytics.agreement.coefficients.catalogue import Coefficient, point
from analytics.agreement.comparison.differences import Difference, bootstrap_difference
from analytics.agreement.inference.bootstrap import METHOD, N_REPLICATES, bootstrap_interval
from analytics.agreement.report import AgreementSummary
from analytics.agreement.sums.cluster_rows import item_rows, total_of
from analytics.agreement.sums.present_levels import on_present_levels
from analytics.estimates import Interval
from analytics.tables import RatingTable
from annotation_app.exceptions import ConflictError

HEADLINE = Coefficient.ALPHA_ORDINAL
# Both sides add up the same whole numbers.
STORE_TOLERANCE = 1e-9


def bootstrap_method(seed: int) -> dict[str, object]:
    """How the bootstrap was made, so that it can be repeated."""
    return {
        "method": METHOD,
        "replicates": N_REPLICATES,
        "seed": seed,
        "random_generator": "NumPy PCG64, SeedSequence([|seed|, place in the report])",
    }


def bootstrap_interval_of(table: RatingTable, seed: int, place: int) -> Interval:
    """The interval of a dimension's α; `place` numbers the intervals of one report."""
    few = on_present_levels(table)
    return bootstrap_interval(HEADLINE, item_rows(few), few.scale, _generator(seed, place))


def bootstrap_differences(
    tables: Mapping[str, RatingTable], seed: int
) -> dict[tuple[str, str], Difference]:
    """The difference of the α of every pair of tables, first minus second."""
    return {
        pair: bootstrap_difference(
            HEADLINE, tables[pair[0]], tables[pair[1]], _generator(seed, len(tables) + place)
        )
        for place, pair in enumerate(combinations(tables, 2))
    }


def check_store(name: str, table: RatingTable, summary: AgreementSummary) -> None:
    """Hold the α of the stored sums against that of the ratings.

    Raises:
        ConflictError: if they differ.
    """
    ours = summary.headline.estimate.value
    few = on_present_levels(table)
    theirs = point(HEADLINE, total_of(item_rows(few)), few.scale).value
    if (ours is None) != (theirs is None) or abs((ours or 0.0) - (theirs or 0.0)) > STORE_TOLERANCE:
        raise ConflictError(
            f"The stored sums of {name} differ from the ratings, so no report was frozen. The "
            "store "
            "is rebuilt from the ratings every night; try again tomorrow."
        )


def _generator(seed: int, place: int) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence([abs(seed), place]))
