"""What a pair export may choose: tie bands, filters, extra rows. Read by build and services."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class ScoreSource(StrEnum):
    """Which scores the pairs are built from."""

    FINAL = "final"
    FACET = "facet"
    RATER = "rater"


class RowWeighting(StrEnum):
    """What a row weighs: 1, or such that all exported rows of one item weigh 1 together."""

    ROW = "row"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class PairOptions:
    """Options of pair building; the defaults are the exact rules without any filter.

    Raises:
        ValueError: if a band or gap is negative, or facet scores come without an explicit band.
    """

    source: ScoreSource = ScoreSource.FINAL
    tie_band: Fraction | None = None
    """Overall scores that differ by at most this are a tie; None means exact equality."""
    dimension_tie_band: Fraction | None = None
    """The same for one dimension of a tie; None takes ``tie_band``."""
    minimum_margin: Fraction = Fraction(0)
    """Strict rows with a smaller overall margin are dropped (they still count as strict)."""
    minimum_gap: Fraction = Fraction(0)
    """Tagged rows with a smaller gap on their dimension are dropped (still disentangled)."""
    include_identical: bool = False
    keep_byte_identical: bool = False
    """Keep rows between candidates whose pixels are equal: their label is noise by nature."""
    weighting: RowWeighting = RowWeighting.ROW
    presentation_seed: int = 0

    def __post_init__(self) -> None:
        limits = (self.overall_band, self.dimension_band, self.minimum_margin, self.minimum_gap)
        if any(limit < 0 for limit in limits):
            raise ValueError("tie bands, margins and gaps must not be negative")
        if self.source is ScoreSource.FACET and self.tie_band is None:
            raise ValueError("facet scores need an explicit tie band")

    @property
    def overall_band(self) -> Fraction:
        return Fraction(0) if self.tie_band is None else self.tie_band

    @property
    def dimension_band(self) -> Fraction:
        return self.overall_band if self.dimension_tie_band is None else self.dimension_tie_band
