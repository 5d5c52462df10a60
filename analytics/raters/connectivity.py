"""The rater graph: which raters share units, and which parts cannot be compared.

Raters in different parts have no common unit, not even through others: their severities and the
quality of what they rated cannot be separated (Eckes 2015; Linacre 1989).
"""

from collections.abc import Collection, Hashable, Mapping
from itertools import chain

import numpy as np
from scipy import sparse
from scipy.sparse import csgraph


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
