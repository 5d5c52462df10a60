"""Assigns items to splits: recorded ones never move, newcomers follow their component.

A newcomer that ties two splits together is quarantined; no released item is moved.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analytics.sampling import derive_seed
from analytics.splits.components import component_of_items
from analytics.splits.records import SplitItem

EXCLUDED = "excluded"
"""The split of items that touch an external set: in no training, validation or test."""

_HASH_SPACE = 1 << 256


@dataclass(frozen=True, slots=True)
class Quarantine:
    """Newcomers that belong to two splits at once: which splits, and the keys that tie them."""

    item_ids: tuple[str, ...]
    splits: tuple[str, ...]
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordedLeak:
    """A key that released items of different splits already share: reported, never repaired."""

    key: str
    items_by_split: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class SplitAssignment:
    """Every item's split (quarantined ones have none), its component, and what was found."""

    split_of: dict[str, str]
    component_of: dict[str, str]
    quarantined: tuple[Quarantine, ...]
    recorded_leaks: tuple[RecordedLeak, ...]


def assign_splits(
    items: Iterable[SplitItem],
    *,
    shares: Mapping[str, Fraction],
    seed: int,
    recorded: Mapping[str, str],
    external_keys: Iterable[str] = (),
) -> SplitAssignment:
    """Assign every item to a split by connected component.

    A component of newcomers falls to a split by a hash of the seed and its smallest item id, with
    the shares as chances: independent of import order. A newcomer tied to released items takes
    their split; one tied to two splits is quarantined with the newcomers it is tied to.
    Items that touch an external key are ``excluded``.

    Args:
        items: all items, released and new.
        shares: split name to chance, summing to 1.
        seed: of the draw.
        recorded: item id to the split in which it was released.
        external_keys: keys of images in benchmarks and user-listed sets.

    Raises:
        ValueError: if the shares do not sum to 1, an item repeats or a recorded item is unknown.
    """
    keys_of = _checked(items, shares, recorded)
    owners = _owners(keys_of, recorded)
    splits_of_key = {key: set(by_split) for key, by_split in owners.items()}
    for key in external_keys:
        splits_of_key.setdefault(key, set()).add(EXCLUDED)
    split_of = {item_id: recorded[item_id] for item_id in keys_of if item_id in recorded}
    quarantined = []
    for block in _newcomer_blocks(keys_of, recorded, splits_of_key):
        bound = {s for i in block for key in keys_of[i] for s in splits_of_key.get(key, ())}
        if len(bound) > 1:
            quarantined.append(_quarantine(block, bound, keys_of, splits_of_key))
        else:
            split = bound.pop() if bound else _drawn_split(block[0], shares, seed)
            split_of.update(dict.fromkeys(block, split))
    leaks = _recorded_leaks(owners, splits_of_key)
    return SplitAssignment(split_of, component_of_items(keys_of), tuple(quarantined), leaks)


def _checked(
    items: Iterable[SplitItem], shares: Mapping[str, Fraction], recorded: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    if sum(shares.values()) != 1 or any(share < 0 for share in shares.values()):
        raise ValueError(f"split shares must be non-negative and sum to 1: {dict(shares)}")
    keys_of: dict[str, frozenset[str]] = {}
    for item in items:
        if item.item_id in keys_of:
            raise ValueError(f"item {item.item_id} occurs twice")
        keys_of[item.item_id] = item.keys
    unknown = sorted(set(recorded) - set(keys_of))
    if unknown:
        raise ValueError(f"recorded items are missing: {', '.join(unknown[:5])}")
    return keys_of


def _owners(
    keys_of: Mapping[str, frozenset[str]], recorded: Mapping[str, str]
) -> dict[str, dict[str, list[str]]]:
    """Return, per key of released items, the items by split."""
    owners: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
    for item_id in sorted(recorded):
        for key in keys_of[item_id]:
            owners[key].setdefault(recorded[item_id], []).append(item_id)
    return dict(owners)


def _newcomer_blocks(
    keys_of: Mapping[str, frozenset[str]],
    recorded: Mapping[str, str],
    splits_of_key: Mapping[str, set[str]],
) -> list[list[str]]:
    """Return newcomers that hang together by keys that no release owns, each block sorted.

    Keys that are already bound to a split tie to that split, not to other newcomers: so one bad
    newcomer does not pull its harmless neighbours into quarantine.
    """
    free_keys = {
        item_id: [key for key in keys if key not in splits_of_key]
        for item_id, keys in keys_of.items()
        if item_id not in recorded
    }
    blocks: defaultdict[str, list[str]] = defaultdict(list)
    for item_id, component in component_of_items(free_keys).items():
        blocks[component].append(item_id)
    return [sorted(blocks[name]) for name in sorted(blocks)]


def _quarantine(
    block: list[str],
    bound: set[str],
    keys_of: Mapping[str, frozenset[str]],
    splits_of_key: Mapping[str, set[str]],
) -> Quarantine:
    keys = {key for item_id in block for key in keys_of[item_id] if key in splits_of_key}
    return Quarantine(tuple(block), tuple(sorted(bound)), tuple(sorted(keys)))


def _recorded_leaks(
    owners: Mapping[str, Mapping[str, list[str]]], splits_of_key: Mapping[str, set[str]]
) -> tuple[RecordedLeak, ...]:
    return tuple(
        RecordedLeak(key, {split: tuple(ids) for split, ids in sorted(owners[key].items())})
        for key in sorted(owners)
        if len(splits_of_key[key]) > 1
    )


def _drawn_split(name: str, shares: Mapping[str, Fraction], seed: int) -> str:
    """Return the split whose part of [0, 1) contains the hash of the component's name."""
    place = Fraction(derive_seed("split", seed, name), _HASH_SPACE)
    end = Fraction(0)
    chosen = ""
    for split in sorted(shares):
        if not shares[split]:
            continue
        chosen = split
        end += shares[split]
        if place < end:
            break
    return chosen
