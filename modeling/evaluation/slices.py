"""Accuracy by source, category and generator, on every scale: where a model is weak."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analytics.ranking.accuracy import strict_hits
from analytics.ranking.clusters import ClusteredShare, clustered_share
from modeling.data import GroupRow
from modeling.evaluation.accuracy import label_pairs
from modeling.evaluation.pairs import PairTable

Labels = Callable[[GroupRow, int, int], set[str]]


def _source(row: GroupRow, _first: int, _second: int) -> set[str]:
    return {row.source_dataset}


def _category(row: GroupRow, _first: int, _second: int) -> set[str]:
    return {row.category}


def _generators(row: GroupRow, first: int, second: int) -> set[str]:
    """A pair counts for both of its generators."""
    return {row.candidates[first].generator, row.candidates[second].generator}


SLICES: dict[str, Labels] = {
    "source": _source,
    "category": _category,
    "generator": _generators,
}


def slice_accuracy(
    tables: Mapping[str, PairTable], rows: Sequence[GroupRow]
) -> dict[str, dict[str, dict[str, ClusteredShare]]]:
    """Strict accuracy by slice, name and scale; a slice whose every name is empty is left out.

    ``tables`` maps each scale, a dimension key or ``overall``, to its pairs.
    """
    found: dict[str, dict[str, dict[str, ClusteredShare]]] = {}
    for name, labels in SLICES.items():
        shares: dict[str, dict[str, ClusteredShare]] = defaultdict(dict)
        for scale, table in tables.items():
            for label, share in _shares(table, rows, labels).items():
                shares[label][scale] = share
        if set(shares) - {""}:
            found[name] = {label: shares[label] for label in sorted(shares)}
    return found


def _shares(
    table: PairTable, rows: Sequence[GroupRow], labels: Labels
) -> dict[str, ClusteredShare]:
    strict = table.select(table.strict)
    hits = strict_hits(label_pairs(strict))
    return {
        label: clustered_share(hits[chosen], strict.item[chosen])
        for label, chosen in _members(strict, rows, labels).items()
    }


def _members(
    strict: PairTable, rows: Sequence[GroupRow], labels: Labels
) -> dict[str, NDArray[np.int64]]:
    members: dict[str, list[int]] = defaultdict(list)
    columns = zip(strict.item, strict.first, strict.second, strict=True)
    for pair, (item, first, second) in enumerate(columns):
        for label in labels(rows[item], int(first), int(second)):
            members[label].append(pair)
    return {label: np.array(chosen, dtype=np.int64) for label, chosen in members.items()}
