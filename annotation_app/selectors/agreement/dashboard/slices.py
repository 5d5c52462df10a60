"""Agreement by slice of one facet, each against the rest of its facet; what stands out."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from analytics.agreement.comparison.differences import Difference
from analytics.agreement.comparison.slice_contrasts import (
    against_rest,
    is_beyond,
    table_against_rest,
)
from analytics.agreement.report import HEADLINE, CoefficientLine
from analytics.limits import FEWEST_ITEMS
from analytics.tables import RatingTable
from annotation_app.enums import Facet
from annotation_app.selectors.agreement.dashboard.periods import time_slices
from annotation_app.selectors.agreement.live.cache import MOST_READINGS
from annotation_app.selectors.agreement.live.figures import LiveAgreement, LiveStratum

FACETS = (Facet.CATEGORY, Facet.SOURCE, Facet.GENERATOR, Facet.GUIDELINE, Facet.DAY)
LOWEST = -2.0  # below every α


@dataclass(frozen=True, eq=False)
class SliceRow:
    """One slice on one dimension.

    Attributes:
        stratum: the slice.
        n_items: its items with overlap.
        line: the ordinal α with both intervals; not to be shown under five items.
        rest: α here minus α of all other slices; None if there is no other.
        is_worse: whether α is lower than elsewhere by more than chance gives.
    """

    stratum: LiveStratum
    n_items: int
    line: CoefficientLine
    rest: Difference | None
    is_worse: bool

    @property
    def has_enough(self) -> bool:
        """Whether there is enough overlap for a figure."""
        return self.n_items >= FEWEST_ITEMS


@dataclass(frozen=True, eq=False)
class StandOut:
    """A slice that agrees significantly less than the others."""

    facet: Facet
    dimension: str
    row: SliceRow


def strata_of(live: LiveAgreement, facet: Facet) -> Sequence[LiveStratum]:
    """The slices of a facet; days are merged to weeks and months as they grow many."""
    return time_slices(live) if facet is Facet.DAY else live.strata[facet]


# One reading of the store is one object, so the cache is never stale.
@lru_cache(maxsize=8 * MOST_READINGS)
def slice_rows(live: LiveAgreement, facet: Facet, dimension: str) -> Sequence[SliceRow]:
    """Report every slice of a facet, lowest upper bound of agreement first."""
    strata = strata_of(live, facet)
    rest = _against_rest(strata, dimension)
    rows = [_row(one, dimension, rest.get(one.key)) for one in strata]
    return sorted(rows, key=surely_worst)


def _against_rest(strata: Sequence[LiveStratum], dimension: str) -> Mapping[Hashable, Difference]:
    if any(one.keeps_ratings(dimension) for one in strata):
        tables: dict[Hashable, RatingTable] = {one.key: one.table(dimension) for one in strata}
        return table_against_rest(HEADLINE, tables)
    return against_rest(HEADLINE, {one.key: one.moments(dimension) for one in strata})


def surely_worst(row: SliceRow) -> tuple[bool, float, str]:
    """Order by the upper bound: a small slice that is low by chance does not come first."""
    bounds = row.line.items.bounds
    if not row.has_enough or row.line.estimate.value is None:
        return True, 0.0, row.stratum.label
    return False, bounds[1] if bounds else row.line.estimate.value, row.stratum.label


def most_overlap(row: SliceRow) -> tuple[int, str]:
    """Order by overlap, the most first."""
    return -row.n_items, row.stratum.label


def standing_out(live: LiveAgreement, facets: Sequence[Facet] = FACETS) -> list[StandOut]:
    """Slices of any facet that agree less than the others on any dimension, the worst first."""
    found = [
        StandOut(facet, dimension, row)
        for facet in facets
        for dimension in live.dimensions
        for row in slice_rows(live, facet, dimension)
        if row.is_worse
    ]
    return sorted(found, key=lambda one: _distance(one.row))


def _row(stratum: LiveStratum, dimension: str, rest: Difference | None) -> SliceRow:
    n_items = stratum.n_items(dimension)
    lower = rest is not None and rest.estimate.value is not None and rest.estimate.value < 0
    worse = lower and n_items >= FEWEST_ITEMS and rest is not None and is_beyond(rest)
    return SliceRow(stratum, n_items, stratum.headline(dimension), rest, worse)


def _distance(row: SliceRow) -> float:
    value = row.rest.estimate.value if row.rest else None
    return LOWEST if value is None else value
