"""The records that go into and come out of pair building. Plain, frozen, exact."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple


class PairKind(StrEnum):
    """What two candidates of one item are to each other."""

    STRICT = "strict"
    DISENTANGLED = "disentangled"
    IDENTICAL = "identical"
    INCOMPARABLE = "incomparable"


class Side(StrEnum):
    """The side of an image when a pair is shown."""

    LEFT = "left"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class ScoredCandidate:
    """A candidate with one exact score per dimension, in rubric order; None if missing."""

    candidate_id: str
    generator: str
    pixel_hash: str
    scores: tuple[Fraction | int | None, ...]


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """An item's candidates with final scores, or with one rater's scores if ``rater`` is set."""

    item_id: str
    candidates: tuple[ScoredCandidate, ...]
    source: str = ""
    split: str = ""
    rater: str = ""


class Pair(NamedTuple):
    """One comparison of two candidates of one item, speaking for one dimension or the overall.

    ``margin`` is preferred minus other on ``dimension``, in that scale's units. An identical pair
    has no preference: its ids are in sorted order and its margin, first minus second, is within the
    tie band (0 without one). ``preferred_side`` is the seeded side of the image of ``preferred``.
    """

    kind: PairKind
    item_id: str
    dimension: str
    preferred: str
    other: str
    margin: Fraction
    weight: Fraction
    preferred_side: Side
    same_generator: bool
    byte_identical: bool
    rater: str = ""
