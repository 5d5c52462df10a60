"""Which items may enter a benchmark, and the reason why each other one may not."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from analytics.benchmark.groups import CheckedItem

PAIR = 2


class Exclusion(StrEnum):
    """Why an item cannot serve."""

    NOT_RANDOM_DESIGN = "not_random_design"
    TOO_FEW_CANDIDATES = "too_few_candidates"
    TOO_FEW_RATERS = "too_few_raters"
    MISSING_SCORE = "missing_score"
    BYTE_IDENTICAL = "byte_identical"


@dataclass(frozen=True, slots=True)
class Eligibility:
    """The items that may serve, in their given order, and the others with their reason."""

    items: tuple[CheckedItem, ...]
    excluded: dict[str, Exclusion]


def sort_out(items: Iterable[CheckedItem], raters: int = 3) -> Eligibility:
    """Return the fully cross-checked items: every candidate fully scored by enough raters.

    Raises:
        ValueError: if an item id occurs twice.
    """
    eligible: dict[str, CheckedItem] = {}
    excluded: dict[str, Exclusion] = {}
    for item in items:
        if item.item_id in eligible or item.item_id in excluded:
            raise ValueError(f"item {item.item_id} occurs twice")
        reason = exclusion_of(item, raters)
        if reason is None:
            eligible[item.item_id] = item
        else:
            excluded[item.item_id] = reason
    return Eligibility(tuple(eligible.values()), excluded)


def exclusion_of(item: CheckedItem, raters: int) -> Exclusion | None:
    """Return the first reason against an item, or None."""
    checks = {
        Exclusion.NOT_RANDOM_DESIGN: not item.random_design,
        Exclusion.TOO_FEW_CANDIDATES: len(item.candidates) < PAIR,
        Exclusion.TOO_FEW_RATERS: any(len(c.rater_scores) < raters for c in item.candidates),
        Exclusion.MISSING_SCORE: any(
            level is None for c in item.candidates for scores in c.rater_scores for level in scores
        ),
        Exclusion.BYTE_IDENTICAL: len({c.pixel_hash for c in item.candidates})
        < len(item.candidates),
    }
    return next((reason for reason, holds in checks.items() if holds), None)
