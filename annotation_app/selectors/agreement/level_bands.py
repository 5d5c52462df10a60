"""Bands of levels: a chart of a long scale shows neighbouring levels together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from analytics.agreement.sums.layout import Floats, Layout
from analytics.agreement.sums.patterns import find_patterns, total_sums
from analytics.agreement.sums.present_levels import MOST_DENSE
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.validation import Indices

BANDS = 10


@dataclass(frozen=True, eq=False)
class Bands:
    """What a chart shows as one level.

    Attributes:
        labels: of each band; on a short scale of each level.
        of_level: (V,) band of each level of the scale.
    """

    labels: Sequence[str]
    of_level: Indices

    def sum(self, counts: Sequence[int]) -> list[int]:
        """Add up (V,) counts of levels."""
        found = np.bincount(self.of_level, weights=counts, minlength=len(self.labels))
        return [int(number) for number in found]


def bands_of(scale: Scale) -> Bands:
    """Return ten bands of equally many declared levels, or each level of a short scale.

    >>> bands_of(Scale.of(range(30))).labels[:2]
    ['0 – 2', '3 – 5']
    """
    names = [f"{value:g}" for value in scale.values]
    if len(scale) <= MOST_DENSE:
        return Bands(names, np.arange(len(scale)))
    of_level = np.arange(len(scale)) * BANDS // len(scale)
    edges = np.searchsorted(of_level, np.arange(BANDS + 1)).tolist()
    labels = [
        names[start] if end - start == 1 else f"{names[start]} – {names[end - 1]}"
        for start, end in pairwise(edges)
    ]
    return Bands(labels, of_level)


def banded_coincidences(table: RatingTable, bands: Bands) -> Floats:
    """(B, B) pairs of ratings of one unit by their bands, each over m - 1."""
    few = replace(
        table, level=bands.of_level[table.level], scale=Scale.of(range(len(bands.labels)))
    )
    layout = Layout(len(few.scale))
    return np.asarray(layout.coincidences(total_sums(find_patterns(few), layout)), dtype=float)
