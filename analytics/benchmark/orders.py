"""A human order of K candidates and its published notation. Read by builder and scoring."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from string import ascii_uppercase


class TieQuality(StrEnum):
    """Whether two candidates tie because both are good or both are bad."""

    GOOD = "Good"
    BAD = "Bad"


@dataclass(frozen=True, slots=True)
class HumanOrder:
    """Dense ranks by position (0 is best, equal ranks tie); the tie's quality for K = 2."""

    ranks: tuple[int, ...]
    tie_quality: TieQuality | None = None

    def __post_init__(self) -> None:
        if sorted(set(self.ranks)) != list(range(len(set(self.ranks)))) or len(self.ranks) < 2:  # noqa: PLR2004 - a pair is the least
            raise ValueError(f"ranks of at least two candidates must be dense from 0: {self.ranks}")

    @property
    def k(self) -> int:
        return len(self.ranks)

    @property
    def is_strict(self) -> bool:
        return len(set(self.ranks)) == len(self.ranks)

    @property
    def pair_labels(self) -> tuple[int, ...]:
        """Return 1 (first better), 0 or −1 for every pair of positions i < j."""
        return tuple(
            (self.ranks[i] < self.ranks[j]) - (self.ranks[i] > self.ranks[j])
            for i, j in combinations(range(self.k), 2)
        )


def order_of_scores(
    overall: Sequence[Fraction], scale_middle: Fraction | None = None
) -> HumanOrder:
    """Return the order that exact overall scores imply, best first.

    A tie of all is "Good" if its score is above the middle of the overall scale, else "Bad";
    without a middle the quality stays open.
    """
    levels = sorted(set(overall), reverse=True)
    ranks = tuple(levels.index(score) for score in overall)
    if len(levels) > 1 or scale_middle is None:
        return HumanOrder(ranks)
    quality = TieQuality.GOOD if levels[0] > scale_middle else TieQuality.BAD
    return HumanOrder(ranks, quality)


def format_order(order: HumanOrder) -> str:
    """Return the published notation: ``B>A``, ``A=B=Good``, ``C>A>B``."""
    by_rank: dict[int, list[str]] = {}
    for letter, rank in zip(ascii_uppercase, order.ranks, strict=False):
        by_rank.setdefault(rank, []).append(letter)
    text = ">".join("=".join(by_rank[rank]) for rank in sorted(by_rank))
    return f"{text}={order.tie_quality.value}" if order.tie_quality else text


def parse_order(text: str) -> HumanOrder:
    """Return the order written as ``A>B``, ``A<B``, ``A=B=Bad`` or ``B>D>A>C``.

    Raises:
        ValueError: if the letters are not A, B, C, ... once each, or directions are mixed.
    """
    plain, quality = _split_quality(text.strip().replace(" ", ""))
    if ">" in plain and "<" in plain:
        raise ValueError(f"an order runs one way: {text!r}")
    levels = plain.replace("<", ">").split(">")
    if "<" in plain:
        levels.reverse()
    ranks = {letter: rank for rank, level in enumerate(levels) for letter in level.split("=")}
    letters = sum(len(level.split("=")) for level in levels)
    if set(ranks) != set(ascii_uppercase[: len(ranks)]) or letters != len(ranks):
        raise ValueError(f"not an order of A, B, C, ...: {text!r}")
    return HumanOrder(tuple(ranks[letter] for letter in sorted(ranks)), quality)


def _split_quality(text: str) -> tuple[str, TieQuality | None]:
    for quality in TieQuality:
        if text.endswith(f"={quality.value}"):
            return text.removesuffix(f"={quality.value}"), quality
    return text, None
