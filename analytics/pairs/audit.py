"""Finds candidates of equal pixels and rows that repeat or contradict one another. For guards."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class PairFact(NamedTuple):
    """A row reduced to what it claims: in this context, these pixels beat those.

    ``context`` names source image and instruction by content, so that the same comparison is
    found again under another item id.
    """

    row_id: str
    context: str
    dimension: str
    preferred_pixels: str
    other_pixels: str


@dataclass(frozen=True, slots=True)
class PairAudit:
    """Groups of row ids: the same claim more than once, and claims that exclude each other."""

    duplicates: tuple[tuple[str, ...], ...]
    contradictions: tuple[tuple[str, ...], ...]


def audit_rows(facts: Iterable[PairFact]) -> PairAudit:
    """Return duplicate and contradicting rows, in order of first appearance.

    A row whose two images are the same pixels contradicts itself and is listed alone.
    """
    claims: dict[tuple[str, str, str, str], dict[str, list[str]]] = defaultdict(dict)
    for fact in facts:
        first, second = sorted((fact.preferred_pixels, fact.other_pixels))
        question = (fact.context, fact.dimension, first, second)
        claims[question].setdefault(fact.preferred_pixels, []).append(fact.row_id)
    duplicates = [
        tuple(rows) for winners in claims.values() for rows in winners.values() if len(rows) > 1
    ]
    contradictions = [
        tuple(row for rows in winners.values() for row in rows)
        for question, winners in claims.items()
        if len(winners) > 1 or question[2] == question[3]
    ]
    return PairAudit(tuple(duplicates), tuple(contradictions))


def groups_of_equal(values: Mapping[str, str]) -> tuple[tuple[str, ...], ...]:
    """Return the names that share a value, grouped, each group and the groups sorted."""
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in values.items():
        groups[value].append(name)
    return tuple(sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1))
