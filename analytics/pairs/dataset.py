"""Pairs of many items as a stream, and the ledger that proves their counts for a manifest."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from analytics.pairs.build import (
    GeneratorPair,
    ItemPairs,
    Tally,
    add_tally,
)
from analytics.pairs.counts import PairCounts, counts_of_tally, sum_counts

TallyRow = tuple[str, str, str, str, str, dict[str, int]]
"""Source, split, rater, two generators, and numbers by field of ``PairCounts``: plain JSON."""


@dataclass(frozen=True, slots=True)
class PairSummary:
    """Counts of a whole export: in total and per source, split, generator pair and rater.

    ``by_rater`` is empty if pairs come from the items' own scores.
    """

    items: int
    total: PairCounts
    by_source: dict[str, PairCounts]
    by_split: dict[str, PairCounts]
    by_generator_pair: dict[GeneratorPair, PairCounts]
    by_rater: dict[str, PairCounts]


class PairLedger:
    """Adds up items' counts as they stream by; refuses an item that does not reconcile."""

    def __init__(self) -> None:
        self._items = 0
        self._last_item = ""
        self._tallies: dict[tuple[str, str, str], Tally] = {}

    def add(self, pairs: ItemPairs) -> None:
        """Count one item, or one rater's view of it; views of an item follow one another.

        Raises:
            ValueError: if the item's pairs or rows do not reconcile.
        """
        counts = pairs.counts
        rows_match = counts.exported_rows == len(pairs.rows)
        if not (counts.pairs_reconcile and counts.rows_reconcile and rows_match):
            raise ValueError(f"pairs of item {pairs.item_id} do not reconcile: {counts}")
        if self._items == 0 or pairs.item_id != self._last_item:
            self._items += 1
            self._last_item = pairs.item_id
        tally = self._tallies.setdefault((pairs.source, pairs.split, pairs.rater), {})
        for generators, part in pairs.tally.items():
            add_tally(tally.setdefault(generators, {}), part)

    def state(self) -> tuple[int, list[TallyRow]]:
        """Return the number of items and all tallies as plain values, for `merge`."""
        rows = [
            (*where, *generators, dict(part))
            for where, tally in self._tallies.items()
            for generators, part in tally.items()
        ]
        return self._items, rows

    def merge(self, items: int, rows: Iterable[TallyRow]) -> None:
        """Add what another ledger has counted over other items."""
        self._items += items
        for source, split, rater, one, two, part in rows:
            tally = self._tallies.setdefault((source, split, rater), {})
            add_tally(tally.setdefault((one, two), {}), part)

    def summary(self) -> PairSummary:
        """Return all counts so far."""
        sources: dict[str, dict[str, int]] = {}
        splits: dict[str, dict[str, int]] = {}
        raters: dict[str, dict[str, int]] = {}
        generators: Tally = {}
        for (source, split, rater), tally in self._tallies.items():
            for generator_pair, part in tally.items():
                add_tally(sources.setdefault(source, {}), part)
                add_tally(splits.setdefault(split, {}), part)
                add_tally(generators.setdefault(generator_pair, {}), part)
                if rater:
                    add_tally(raters.setdefault(rater, {}), part)
        by_source = _sorted_counts(sources)
        return PairSummary(
            self._items,
            sum_counts(by_source.values()),
            by_source,
            _sorted_counts(splits),
            _sorted_pairs(generators),
            _sorted_counts(raters),
        )


def _sorted_counts(tallies: Mapping[str, dict[str, int]]) -> dict[str, PairCounts]:
    return {key: counts_of_tally(tallies[key]) for key in sorted(tallies)}


def _sorted_pairs(tallies: Tally) -> dict[GeneratorPair, PairCounts]:
    return {key: counts_of_tally(tallies[key]) for key in sorted(tallies)}
