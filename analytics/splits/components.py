"""Connected components of items that share keys: union–find with path halving."""

from collections.abc import Hashable, Iterable, Mapping
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)


class DisjointSets(Generic[Node]):
    """Sets of nodes that merge; a node joins on first sight."""

    def __init__(self) -> None:
        self._parent: dict[Node, Node] = {}
        self._size: dict[Node, int] = {}

    def find(self, node: Node) -> Node:
        """Return the representative of the node's set."""
        parent = self._parent
        if parent.setdefault(node, node) == node:
            return node
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def union(self, one: Node, two: Node) -> None:
        """Merge the sets of two nodes."""
        first, second = self.find(one), self.find(two)
        if first == second:
            return
        small, large = sorted((first, second), key=lambda root: self._size.get(root, 1))
        self._parent[small] = large
        self._size[large] = self._size.get(large, 1) + self._size.pop(small, 1)


def component_of_items(keys_of: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Return each item's component, named by its smallest item id.

    Args:
        keys_of: item id to its keys; items that share a key, directly or through others, are one.
    """
    sets: DisjointSets[tuple[str, str]] = DisjointSets()
    for item_id, keys in keys_of.items():
        sets.find(("item", item_id))
        for key in keys:
            sets.union(("item", item_id), ("key", key))
    names: dict[tuple[str, str], str] = {}
    for item_id in sorted(keys_of):
        names.setdefault(sets.find(("item", item_id)), item_id)
    return {item_id: names[sets.find(("item", item_id))] for item_id in keys_of}
