"""Counts of pairs and rows that must reconcile. Made by build, folded by services and manifests."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs by kind and rows by fate, of one item or of any sum of items.

    ``tagged_rows`` are the rows that disentangled pairs give before filters; the ``*_dropped``
    counts say which rows a filter took.
    """

    possible: int = 0
    strict: int = 0
    disentangled: int = 0
    identical: int = 0
    incomparable: int = 0
    tagged_rows: int = 0
    identical_rows: int = 0
    small_margin_dropped: int = 0
    small_gap_dropped: int = 0
    byte_identical_dropped: int = 0
    exported_rows: int = 0

    def __add__(self, other: "PairCounts") -> "PairCounts":
        return PairCounts(
            *(getattr(self, field.name) + getattr(other, field.name) for field in fields(self))
        )

    @property
    def pairs_reconcile(self) -> bool:
        """Whether the kinds add up to k(k−1)/2 (summed over items)."""
        kinds = self.strict + self.disentangled + self.identical + self.incomparable
        return kinds == self.possible

    @property
    def rows_reconcile(self) -> bool:
        """Whether exported rows = strict + tagged (+ identical on request) − dropped rows."""
        dropped = self.small_margin_dropped + self.small_gap_dropped + self.byte_identical_dropped
        made = self.strict + self.tagged_rows + self.identical_rows
        return self.exported_rows == made - dropped


def sum_counts(counts: Iterable[PairCounts]) -> PairCounts:
    """Return the sum of the counts; zeros for none."""
    return sum(counts, PairCounts())


def counts_of_tally(tally: Mapping[str, int]) -> PairCounts:
    """Return the counts of a tally from field names to numbers.

    Raises:
        TypeError: if a name is not a field of the counts.
    """
    return PairCounts(**tally)
