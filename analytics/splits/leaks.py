"""Near matches across splits: perceptual hashes and instructions. Reported, not acted upon."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import NamedTuple
from unicodedata import category, normalize

PERCEPTUAL_BITS = 64


class HashedImage(NamedTuple):
    """An image of an item with its perceptual hash as an unsigned integer."""

    item_id: str
    image_id: str
    perceptual_hash: int


class NearImages(NamedTuple):
    """Two images of different splits whose hashes differ in few bits."""

    one: HashedImage
    two: HashedImage
    distance: int


@dataclass(frozen=True, slots=True)
class SharedInstruction:
    """A normalised instruction that occurs in several splits."""

    instruction: str
    items_by_split: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class LeakReport:
    """Keys that cross splits (must be empty), and near matches for a human to look at."""

    exact: tuple[str, ...]
    images: tuple[NearImages, ...]
    instructions: tuple[SharedInstruction, ...]


def leak_report(
    keys_of: Mapping[str, Iterable[str]],
    split_of: Mapping[str, str],
    images: Sequence[HashedImage],
    instruction_of: Mapping[str, str],
) -> LeakReport:
    """Return everything that crosses splits; items without a split are left out."""
    return LeakReport(
        exact_leaks(keys_of, split_of),
        near_images(images, split_of),
        shared_instructions(instruction_of, split_of),
    )


def exact_leaks(
    keys_of: Mapping[str, Iterable[str]], split_of: Mapping[str, str]
) -> tuple[str, ...]:
    """Return the keys with items in more than one split; items without a split are skipped."""
    splits: defaultdict[str, set[str]] = defaultdict(set)
    for item_id, split in split_of.items():
        for key in keys_of[item_id]:
            splits[key].add(split)
    return tuple(sorted(key for key, found in splits.items() if len(found) > 1))


def near_images(
    images: Sequence[HashedImage], split_of: Mapping[str, str], max_distance: int = 4
) -> tuple[NearImages, ...]:
    """Return all pairs of images of different splits within a Hamming distance.

    Multi-index hashing: of max_distance + 1 bands at least one agrees exactly, so only images
    that share a band are compared. Equal hashes are grouped first.

    Raises:
        ValueError: if the distance leaves no band of at least four bits.
    """
    least_bits = 4
    if not 0 <= max_distance < PERCEPTUAL_BITS // least_bits:
        raise ValueError(f"the distance must be at least 0 and below {PERCEPTUAL_BITS // 4}")
    by_hash: defaultdict[int, list[HashedImage]] = defaultdict(list)
    for image in sorted(images):
        if image.item_id in split_of:
            by_hash[image.perceptual_hash].append(image)
    found = [
        NearImages(one, two, distance)
        for first, second, distance in _near_hashes(by_hash, max_distance)
        for one, two in _image_pairs(by_hash[first], by_hash[second], same=first == second)
        if split_of[one.item_id] != split_of[two.item_id]
    ]
    return tuple(sorted(found, key=lambda near: (near.distance, near.one, near.two)))


def normalised_instruction(instruction: str) -> str:
    """Return the instruction without case, punctuation, compatibility forms and extra spaces."""
    folded = normalize("NFKC", instruction).casefold()
    kept = (" " if category(sign).startswith(("P", "Z", "C")) else sign for sign in folded)
    return " ".join("".join(kept).split())


def shared_instructions(
    instruction_of: Mapping[str, str], split_of: Mapping[str, str]
) -> tuple[SharedInstruction, ...]:
    """Return the instructions that occur, normalised, in more than one split."""
    groups: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for item_id in sorted(instruction_of):
        if item_id in split_of:
            text = normalised_instruction(instruction_of[item_id])
            groups[text][split_of[item_id]].append(item_id)
    return tuple(
        SharedInstruction(text, {name: tuple(ids) for name, ids in sorted(by_split.items())})
        for text, by_split in sorted(groups.items())
        if len(by_split) > 1
    )


def _near_hashes(hashes: Iterable[int], max_distance: int) -> Iterator[tuple[int, int, int]]:
    """Yield each unordered pair of distinct hashes within the distance, and each with itself."""
    buckets: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for value in sorted(hashes):
        yield value, value, 0
        for band in _bands(value, max_distance + 1):
            buckets[band].append(value)
    seen: set[tuple[int, int]] = set()
    for members in buckets.values():
        for one, two in combinations(members, 2):
            distance = (one ^ two).bit_count()
            if distance <= max_distance and (one, two) not in seen:
                seen.add((one, two))
                yield one, two, distance


def _bands(value: int, count: int) -> Iterator[tuple[int, int]]:
    """Yield the numbered bands of a hash: ``count`` stretches of nearly equal width."""
    edges = [PERCEPTUAL_BITS * number // count for number in range(count + 1)]
    for number, (low, high) in enumerate(pairwise(edges)):
        yield number, (value >> low) & ((1 << (high - low)) - 1)


def _image_pairs(
    first: Sequence[HashedImage], second: Sequence[HashedImage], *, same: bool
) -> Iterator[tuple[HashedImage, HashedImage]]:
    if same:
        yield from combinations(first, 2)
    else:
        yield from ((one, two) for one in first for two in second)
