"""The seeded side on which a pair's images are shown. Used by build."""

from hashlib import sha256

from analytics.pairs.records import Side


def left_candidate(seed: int, item_id: str, one: str, two: str) -> str:
    """Return which of two candidates is on the left: a fair coin fixed by seed, item and pair.

    It does not depend on the order of the arguments, on the label or on the dimension, so both
    rows of a disentangled pair show the images alike.
    """
    first, second = (one, two) if one < two else (two, one)
    key = f"side\x1f{seed}\x1f{item_id}\x1f{first}\x1f{second}"
    return first if sha256(key.encode()).digest()[0] % 2 == 0 else second


def side_of(candidate_id: str, left: str) -> Side:
    """Return the side of the candidate, given the candidate on the left."""
    return Side.LEFT if candidate_id == left else Side.RIGHT
