"""Duplicate pictures, and pairs that repeat or contradict one another."""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from analytics.pairs.audit import PairAudit, PairFact, audit_rows, groups_of_equal
from analytics.pairs.options import PairOptions
from analytics.splits.leaks import normalised_instruction
from annotation_app.models import Snapshot, SnapshotItem
from annotation_app.selectors.exports.items import (
    ITEMS_AT_ONCE,
    ExportItem,
    export_items,
    rubric_dimensions,
)
from annotation_app.services.exports.pairing import PairChoice, ScoreBasis, scored_pairs

LISTED = 200  # of each kind; the counts are always of all
ROWS_AT_ONCE = 500
# every strict and tagged row of the final scores, also between equal pictures
ALL_ROWS = PairChoice(ScoreBasis.FINAL, PairOptions(keep_byte_identical=True))


@dataclass
class Suspects:
    """Items whose pairs may repeat: one picture twice, or the same task under two ids."""

    identical: list[dict[str, Any]] = field(default_factory=list)
    items: set[int] = field(default_factory=set)
    shared_tasks: int = 0


def find_suspects(snapshot: Snapshot) -> Suspects:
    """Look through a snapshot's facts; of each item only a hash of its task is kept."""
    found = Suspects()
    first_with: dict[bytes, int] = {}
    repeated: set[bytes] = set()
    rows = SnapshotItem.objects.filter(snapshot=snapshot).order_by("campaign_item")
    for item, facts in rows.values_list("campaign_item", "facts").iterator(ROWS_AT_ONCE):
        shas = {one["candidate_id"]: one["image"]["sha256"] for one in facts["candidates"]}
        equal = groups_of_equal(shas)
        if equal:
            found.items.add(item)
            found.identical += [
                {"item_id": facts["item_id"], "candidates": list(group)} for group in equal
            ]
        task = hashlib.blake2b(_task(facts).encode(), digest_size=16).digest()
        if task in first_with:
            found.items |= {item, first_with[task]}
            repeated.add(task)
        else:
            first_with[task] = item
    found.shared_tasks = len(repeated)
    return found


def audit_suspects(snapshot: Snapshot, items: Collection[int]) -> PairAudit:
    """Which of the suspects' rows claim the same, and which exclude each other."""
    return audit_rows(_claims(snapshot, items))


def _claims(snapshot: Snapshot, items: Collection[int]) -> Iterator[PairFact]:
    dimensions = rubric_dimensions(snapshot.rubric)
    for item in _some_items(snapshot, items):
        shas = {one["candidate_id"]: one["image"]["sha256"] for one in item.facts["candidates"]}
        for view in scored_pairs(item, dimensions, ALL_ROWS):
            for pair in view.pairs.rows:
                yield PairFact(
                    f"{item.facts['item_id']}:{pair.preferred}>{pair.other}:{pair.dimension}",
                    _task(item.facts),
                    pair.dimension,
                    shas[pair.preferred],
                    shas[pair.other],
                )


def _some_items(snapshot: Snapshot, items: Collection[int]) -> Iterator[ExportItem]:
    """Only the named items; long stretches between them are not read."""
    stream: Iterator[ExportItem] = iter(())
    last = 0
    for number in sorted(items):
        if not last or number - last > ITEMS_AT_ONCE:
            stream = export_items(snapshot, after=number - 1)
        yield next(item for item in stream if item.campaign_item == number)
        last = number


def _task(facts: dict[str, Any]) -> str:
    """What an item asks, by content: its source picture and its instruction."""
    return f"{facts['source_image']['sha256']} {normalised_instruction(facts['instruction'])}"
