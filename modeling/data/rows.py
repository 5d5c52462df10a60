"""One line of ``groups.jsonl`` as typed rows; parsing says what is wrong in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from analytics.overall import OVERALL
from modeling.config import DimensionText, PairKind, RubricText, Split
from modeling.data.errors import RowError
from modeling.data.lines import (
    checked_choice,
    checked_name,
    checked_objects,
    checked_text,
    is_whole,
    optional_name,
    optional_object,
    optional_text,
    parse_each,
    verbatim_text,
)

_HEAVIEST = 1e9  # single precision adds up many of these without harm


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """An edit with its final scores and the ratings behind them, by dimension key."""

    candidate_id: str
    generator: str
    image: str
    scores: Mapping[str, Fraction | None]
    ratings: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class PairRow:
    """An ordered pair of candidates and what it speaks for."""

    kind: PairKind
    dimension: str  # ``overall`` or a dimension key
    preferred: str
    other: str
    weight: float
    rater: str = ""  # whose judgement it is, where pairs come from single raters

    @property
    def question(self) -> tuple[str, str, frozenset[str]]:
        """What the pair answers; an item answers each question once."""
        return self.rater, self.dimension, frozenset((self.preferred, self.other))


@dataclass(frozen=True, slots=True)
class GroupRow:
    """One item: everything that a line of ``groups.jsonl`` says."""

    item_id: str
    instruction: str
    category: str
    source_dataset: str
    source_image: str
    split: Split
    candidates: tuple[CandidateRow, ...]
    pairs: tuple[PairRow, ...]

    @property
    def positions(self) -> dict[str, int]:
        """Position of each candidate id."""
        return {row.candidate_id: index for index, row in enumerate(self.candidates)}

    @property
    def image_names(self) -> tuple[str, ...]:
        """The source's image, then each candidate's."""
        return (self.source_image, *(candidate.image for candidate in self.candidates))


def parse_group(value: Mapping[str, Any], rubric: RubricText) -> GroupRow:
    """Read one line; ``ValueError`` gives the error. The instruction is kept verbatim."""
    rows = checked_objects(value, "candidates")
    parse = partial(_candidate, rubric=rubric)
    candidates = parse_each(rows, parse, "candidate", "candidate_id")
    known = {row.candidate_id for row in candidates}
    if len(known) != len(candidates):
        raise RowError("a candidate id repeats", "Give every candidate of an item its own id.")
    if not candidates:
        raise RowError("an item needs at least one candidate", "Add one, or take the item out.")
    pairs = checked_objects(value, "pairs") if "pairs" in value else []
    return GroupRow(
        item_id=checked_name(value, "item_id"),
        instruction=verbatim_text(value, "instruction"),
        category=optional_text(value, "category"),
        source_dataset=optional_text(value, "source_dataset"),
        source_image=checked_text(value, "source_image"),
        split=checked_choice(value, "split", Split),
        candidates=candidates,
        pairs=_distinct(parse_each(pairs, partial(_pair, rubric=rubric, known=known), "pair")),
    )


def _candidate(value: Mapping[str, Any], rubric: RubricText) -> CandidateRow:
    scores, ratings = optional_object(value, "scores"), optional_object(value, "ratings")
    return CandidateRow(
        candidate_id=checked_name(value, "candidate_id"),
        generator=optional_text(value, "generator"),
        image=checked_text(value, "image"),
        scores={key: _score(given, rubric.dimension(key)) for key, given in scores.items()},
        ratings={key: _levels(given, rubric.dimension(key)) for key, given in ratings.items()},
    )


def _score(value: object, dimension: DimensionText) -> Fraction | None:
    if value is None:
        return None
    fraction = value if isinstance(value, dict) else {}
    numerator, denominator = fraction.get("numerator"), fraction.get("denominator")
    if not (is_whole(numerator) and is_whole(denominator)):
        raise RowError(
            f"score {dimension.key!r} must be null or an object of whole numbers "
            f"`numerator` and `denominator`, not {value!r}"
        )
    if denominator == 0:
        raise RowError(f"score {dimension.key!r} has denominator 0")
    score = Fraction(numerator, denominator)
    if not dimension.levels[0] <= score <= dimension.levels[-1]:
        scale = f"{dimension.levels[0]} to {dimension.levels[-1]}"
        raise RowError(f"score {score} of {dimension.key!r} is outside its levels, {scale}")
    return score


def _levels(value: object, dimension: DimensionText) -> tuple[int, ...]:
    if not isinstance(value, list):
        raise RowError(f"ratings of {dimension.key!r} must be a list of levels, not {value!r}")
    for level in value:
        if not is_whole(level) or level not in dimension.levels:
            raise RowError(f"level {level!r} is not in dimension {dimension.key!r}")
    return tuple(value)


def _pair(value: Mapping[str, Any], rubric: RubricText, known: set[str]) -> PairRow:
    kind = checked_choice(value, "kind", PairKind)
    dimension = optional_text(value, "dimension") or OVERALL
    if dimension != OVERALL:
        rubric.index(dimension)
    if (kind is PairKind.DISENTANGLED) == (dimension == OVERALL):
        raise RowError(f"the kind {kind.value!r} cannot speak for {dimension!r}")
    preferred, other = checked_name(value, "preferred"), checked_name(value, "other")
    for candidate in (preferred, other):
        if candidate not in known:
            raise RowError(f"candidate {candidate!r} is not one of the item's candidates")
    if preferred == other:
        raise RowError(f"candidate {preferred!r} is compared with itself")
    weight = value.get("weight", 1)
    if not (isinstance(weight, float) or is_whole(weight)) or not 0 <= weight <= _HEAVIEST:
        raise RowError(f"weight {weight!r} is not a number from 0 to {_HEAVIEST:g}")
    rater = optional_name(value, "rater")
    return PairRow(kind, dimension, preferred, other, float(weight), rater)


def _distinct(pairs: Sequence[PairRow]) -> tuple[PairRow, ...]:
    """The pairs, none of which repeats or contradicts another."""
    seen: set[tuple[str, str, frozenset[str]]] = set()
    for pair in pairs:
        if pair.question in seen:
            both = f"{pair.preferred!r} and {pair.other!r} on {pair.dimension!r}"
            raise RowError(f"candidates {both} are compared twice (by one `rater`, if any)")
        seen.add(pair.question)
    return tuple(pairs)
