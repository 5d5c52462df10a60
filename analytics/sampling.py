"""Seeded, reproducible draws: candidates of an item, presentation orders, overlap items.

Every draw is an order by keyed SHA-256, so it depends on names and seeds alone: never on the order
of import, on the process or on a library's version. Anyone may call it.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

_HASH_SPACE = 1 << 256


class DrawStrategy(StrEnum):
    """How k of n candidates are drawn."""

    UNIFORM = "uniform"
    BALANCED = "balanced"


@dataclass(frozen=True, slots=True)
class PoolCandidate:
    """A candidate of an item's pool and the generator that made it."""

    candidate_id: str
    generator: str


@dataclass(frozen=True, slots=True)
class CandidateDraw:
    """The drawn ids in drawing order, and the inclusion probability of every pool candidate."""

    strategy: DrawStrategy
    drawn: tuple[str, ...]
    inclusion: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class ItemDraw:
    """The drawn item ids in drawing order and the inclusion probability that each item had."""

    drawn: tuple[str, ...]
    inclusion: Fraction


def derive_seed(*parts: str | int) -> int:
    """Return a 256-bit integer that depends on the parts and their boundaries alone.

    Fit for ``numpy.random.default_rng``. Parts are length-prefixed, so ("ab", "c") and ("a", "bc")
    differ, and typed, so 1 and "1" differ.
    """
    return int.from_bytes(hashlib.sha256(_encoded(parts)).digest())


def seeded_order(names: Iterable[str], *key: str | int) -> tuple[str, ...]:
    """Return the distinct names in a random order fixed by the key and the names alone.

    Raises:
        ValueError: if a name occurs twice.
    """
    prefix = hashlib.sha256(_encoded(("order", *key)))

    def place(name: str) -> tuple[bytes, str]:
        digest = prefix.copy()
        digest.update(_encoded((name,)))
        return digest.digest(), name

    return tuple(sorted(_distinct(names), key=place))


def draw_candidates(
    pool: Sequence[PoolCandidate],
    k: int,
    *,
    campaign_seed: int,
    item_id: str,
    strategy: DrawStrategy = DrawStrategy.UNIFORM,
) -> CandidateDraw:
    """Draw k of an item's n candidates without replacement.

    ``uniform`` gives every k-subset the same chance; ``balanced`` lets every generator appear
    before any appears twice (then before any appears three times, ...). A pool of at most k is
    taken whole, in seeded order.

    Raises:
        ValueError: if k is not positive or a candidate id occurs twice.
    """
    if k < 1:
        raise ValueError(f"k must be at least 1, not {k}")
    _distinct(candidate.candidate_id for candidate in pool)
    key = ("candidates", strategy.value, campaign_seed, item_id)
    if strategy is DrawStrategy.UNIFORM:
        return _draw_uniform(pool, k, key)
    return _draw_balanced(pool, k, key)


def presentation_order(
    candidate_ids: Iterable[str], *, seed: int, task_id: str, annotator_id: str
) -> tuple[str, ...]:
    """Return the order on screen of the candidates of one task for one annotator."""
    return seeded_order(candidate_ids, "presentation", seed, task_id, annotator_id)


def draw_item_share(
    item_ids: Iterable[str], share: Fraction, *, seed: int, purpose: str
) -> ItemDraw:
    """Draw each whole item with probability ``share``, independently of all others.

    The size is random (binomial), but an item's fate never changes when items are added or
    removed: right for overlap plans of growing campaigns.

    Raises:
        ValueError: if the share is outside [0, 1] or an id occurs twice.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be in [0, 1], not {share}")
    bound = int(share * _HASH_SPACE)
    ordered = seeded_order(item_ids, "items", purpose, seed)
    drawn = (name for name in ordered if derive_seed("order", "items", purpose, seed, name) < bound)
    return ItemDraw(tuple(drawn), Fraction(share))


def _draw_uniform(
    pool: Sequence[PoolCandidate], k: int, key: tuple[str | int, ...]
) -> CandidateDraw:
    ordered = seeded_order((candidate.candidate_id for candidate in pool), *key)
    size = min(k, len(ordered))
    inclusion = {name: Fraction(size, len(ordered)) for name in ordered}
    return CandidateDraw(DrawStrategy.UNIFORM, ordered[:size], inclusion)


def _draw_balanced(
    pool: Sequence[PoolCandidate], k: int, key: tuple[str | int, ...]
) -> CandidateDraw:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for candidate in pool:
        members[candidate.generator].append(candidate.candidate_id)
    queues = {
        generator: seeded_order(ids, *key, "within", generator)
        for generator, ids in members.items()
    }
    ordered: list[str] = []
    for turn in range(max((len(queue) for queue in queues.values()), default=0)):
        present = [generator for generator, queue in queues.items() if len(queue) > turn]
        ordered += [queues[name][turn] for name in seeded_order(present, *key, "turn", turn)]
    inclusion = _balanced_inclusion(queues, min(k, len(ordered)))
    return CandidateDraw(DrawStrategy.BALANCED, tuple(ordered[:k]), inclusion)


def _balanced_inclusion(queues: Mapping[str, Sequence[str]], size: int) -> dict[str, Fraction]:
    """Return exact inclusion probabilities: (full turns + chance in the last turn) / pool share."""
    full_turns, left = 0, size
    present = len(queues)
    while present and left >= present:
        left -= present
        full_turns += 1
        present = sum(len(queue) > full_turns for queue in queues.values())
    last_turn = Fraction(left, present) if present else Fraction(0)
    return {
        name: (min(len(queue), full_turns) + last_turn * (len(queue) > full_turns)) / len(queue)
        for queue in queues.values()
        for name in queue
    }


def _encoded(parts: Iterable[str | int]) -> bytes:
    contents = ((str(part).encode(), b"i" if isinstance(part, int) else b"s") for part in parts)
    return b"".join(b"%b%d:%b" % (kind, len(content), content) for content, kind in contents)


def _distinct(names: Iterable[str]) -> list[str]:
    listed = list(names)
    if len(set(listed)) != len(listed):
        repeated = sorted(name for name, count in Counter(listed).items() if count > 1)
        raise ValueError(f"names occur more than once: {', '.join(repeated[:5])}")
    return listed
