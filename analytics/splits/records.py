"""Items as splits see them: an id and the keys that tie it to other items."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SplitItem:
    """An item and its keys; two items that share a key must stay in one split."""

    item_id: str
    keys: frozenset[str]


def exact_keys(pixel_hashes: Iterable[str], source_id: str | None = None) -> frozenset[str]:
    """Return the keys of the exact rule: every image's pixel hash, and the source id if any.

    The kinds are distinct, so that a hash never equals a source id of the same text.
    """
    keys = {pixel_key(pixel_hash) for pixel_hash in pixel_hashes}
    return frozenset(keys | {f"source:{source_id}"} if source_id is not None else keys)


def tie_items(items: Iterable[SplitItem], pairs: Iterable[tuple[str, str]]) -> list[SplitItem]:
    """Return the items with a shared key for each pair of item ids: near matches as edges.

    Raises:
        KeyError: if a pair names an item that is not among the items.
    """
    keys_of = {item.item_id: set(item.keys) for item in items}
    for one, two in pairs:
        first, second = sorted((one, two))
        for item_id in (first, second):
            keys_of[item_id].add(f"tie:{len(first)}:{first}:{second}")
    return [SplitItem(item_id, frozenset(keys)) for item_id, keys in keys_of.items()]


def pixel_key(pixel_hash: str) -> str:
    """Return the key of an image, also for listing external benchmarks' images."""
    return f"pixels:{pixel_hash}"
