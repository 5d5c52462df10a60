"""One line of ``groups.jsonl`` as typed rows; parsing says what is wrong in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from modeling.config import OVERALL, PairKind, RubricText, Split
from modeling.data.lines import checked_text


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """An edit with its final scores and the ratings behind them, by dimension key."""

    candidate_id: str
    generator: str
    seed: int | None
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
    """Read one line; ``ValueError`` or ``KeyError`` says what is missing or wrong."""
    candidates = tuple(_candidate(row, rubric) for row in value["candidates"])
    known = {row.candidate_id for row in candidates}
    if len(known) != len(candidates):
        raise ValueError("a candidate id repeats")
    if not candidates:
        raise ValueError("an item needs at least one candidate")
    return GroupRow(
        item_id=checked_text(value, "item_id"),
        instruction=checked_text(value, "instruction"),
        category=str(value.get("category") or ""),
        source_dataset=str(value.get("source_dataset") or ""),
        source_image=checked_text(value, "source_image"),
        split=Split(value["split"]),
        candidates=candidates,
        pairs=tuple(_pair(row, rubric, known) for row in value.get("pairs", ())),
    )


def _candidate(value: Mapping[str, Any], rubric: RubricText) -> CandidateRow:
    scores = value.get("scores") or {}
    ratings = value.get("ratings") or {}
    for key in (*scores, *ratings):
        rubric.index(key)
    return CandidateRow(
        candidate_id=checked_text(value, "candidate_id"),
        generator=str(value.get("generator") or ""),
        seed=value.get("seed"),
        image=checked_text(value, "image"),
        scores={key: _fraction(score) for key, score in scores.items()},
        ratings={key: _levels(key, levels, rubric) for key, levels in ratings.items()},
    )


def _fraction(value: Mapping[str, int] | None) -> Fraction | None:
    if value is None:
        return None
    if int(value["denominator"]) == 0:
        raise ValueError("a score has denominator 0")
    return Fraction(int(value["numerator"]), int(value["denominator"]))


def _levels(key: str, levels: list[int], rubric: RubricText) -> tuple[int, ...]:
    known = rubric.dimensions[rubric.index(key)].levels
    for level in levels:
        if level not in known:
            raise ValueError(f"level {level} is not in dimension {key!r}")
    return tuple(levels)


def _pair(value: Mapping[str, Any], rubric: RubricText, known: set[str]) -> PairRow:
    dimension = str(value.get("dimension") or OVERALL)
    if dimension != OVERALL:
        rubric.index(dimension)
    preferred, other = str(value["preferred"]), str(value["other"])
    for candidate in (preferred, other):
        if candidate not in known:
            raise ValueError(f"a pair names candidate {candidate!r}, which the item has not")
    if preferred == other:
        raise ValueError(f"a pair compares candidate {preferred!r} with itself")
    weight = float(value.get("weight", 1))
    if not 0 <= weight < float("inf"):
        raise ValueError(f"a pair has weight {weight}")
    return PairRow(PairKind(value["kind"]), dimension, preferred, other, weight)
