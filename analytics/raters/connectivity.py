"""The rater graph: who shares units with whom, and which parts cannot be compared.

Raters in different parts have no common unit, not even through others: their severities and the
quality of what they rated cannot be told apart (Eckes 2015; Linacre 1989).
"""

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph

from analytics.agreement.sums.patterns import Integers
from analytics.tables import RatingTable


@dataclass(frozen=True, eq=False)
class RaterGraph:
    """Overlap between raters.

    Attributes:
        labels: rater names, in table order.
        shared_units: (R, R) units that two raters both rated; ratings per rater on the diagonal.
        parts: raters with ratings of each connected part, the largest first.
    """

    labels: Sequence[Hashable]
    shared_units: Integers
    parts: list[list[Hashable]]

    @property
    def is_connected(self) -> bool:
        """Whether all raters can be compared."""
        return len(self.parts) <= 1


def rater_graph(table: RatingTable) -> RaterGraph:
    """Find the overlap of each pair of raters and the connected parts."""
    rated = sparse.csr_array(
        (np.ones(table.n_ratings), (table.rater, table.unit)),
        shape=(table.n_raters, table.n_units),
    )
    shared = np.asarray((rated @ rated.T).todense()).astype(np.int64)
    return RaterGraph(table.rater_labels, shared, _parts(table, shared))


def _parts(table: RatingTable, shared: Integers) -> list[list[Hashable]]:
    _, part = csgraph.connected_components(sparse.csr_array(shared), directed=False)
    found: dict[int, list[Hashable]] = {}
    for rater, label in enumerate(table.rater_labels):
        if shared[rater, rater]:
            found.setdefault(int(part[rater]), []).append(label)
    return sorted(found.values(), key=len, reverse=True)


def strata_parts(strata: Mapping[Hashable, RatingTable]) -> list[list[Hashable]]:
    """Group the strata that common raters link, directly or through others, the largest first.

    Differences between strata of different groups may be differences between their raters.
    Raters are matched by label; strata without ratings are left out.
    """
    return linked_parts(
        {name: _rater_labels(table) for name, table in strata.items() if table.n_ratings}
    )


def linked_parts(members: Mapping[Hashable, Collection[Hashable]]) -> list[list[Hashable]]:
    """Group the keys that common members link, directly or through others, the largest first.

    >>> linked_parts({"a": [1, 2], "b": [3], "c": [2, 4]})
    [['a', 'c'], ['b']]
    """
    names = [name for name, labels in members.items() if labels]
    places = {
        label: i for i, label in enumerate(dict.fromkeys(chain.from_iterable(members.values())))
    }
    works = np.zeros((len(names), len(places)))
    for row, name in enumerate(names):
        works[row, [places[label] for label in members[name]]] = 1
    _, part = csgraph.connected_components(sparse.csr_array(works @ works.T))
    found: dict[int, list[Hashable]] = {}
    for name, group in zip(names, part.tolist(), strict=True):
        found.setdefault(group, []).append(name)
    return sorted(found.values(), key=len, reverse=True)


def _rater_labels(table: RatingTable) -> list[Hashable]:
    return [table.rater_labels[rater] for rater in np.unique(table.rater).tolist()]
