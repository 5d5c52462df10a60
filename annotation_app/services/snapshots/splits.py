"""Recording the split of items at their first release, and what ties items together."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from analytics.splits.assign import EXCLUDED, Quarantine, RecordedLeak, assign_splits
from analytics.splits.records import SplitItem, tie_items
from annotation_app.enums import HELD_BACK_SPLITS, Split
from annotation_app.models import Campaign, CampaignItem, Item
from annotation_app.selectors.snapshots.split_facts import SplitFacts, external_keys, split_facts
from annotation_app.services.snapshots.leaks import (
    LISTED,
    leak_facts,
    near_pairs,
    same_instruction_pairs,
)

SHARES = {
    Split.TRAIN: Fraction(8, 10),
    Split.VALIDATION: Fraction(1, 10),
    Split.TEST: Fraction(1, 10),
}

SPLITS_LOCK = 0x5B117  # the class of advisory locks that this module takes


@dataclass(frozen=True)
class SplitChoices:
    """The seed of the draw, and which near matches count as ties besides exact ones."""

    seed: int
    tie_near_images: bool = False
    tie_instructions: bool = False


@dataclass(frozen=True)
class SplitOutcome:
    """The findings, as JSON, and released items that an external set has contained since."""

    report: dict[str, Any]
    held_out: frozenset[int]


@contextmanager
def splits_held(collection: int) -> Iterator[None]:
    """Let one snapshot of a collection at a time record splits: two could not see each other.

    A lock of the session, taken before the snapshot's transaction begins, so that the transaction
    sees what the one before it recorded. It goes with the connection if the process dies.
    """
    key = [SPLITS_LOCK, collection]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def record_splits(*, campaign: Campaign, choices: SplitChoices) -> SplitOutcome:
    """Give every item of the campaign without a split the split of its component.

    Items are connected when they share an image by its pixels or a source id. A newcomer joins the
    split that its component has, is quarantined if it bridges two, and is excluded if an external
    set contains one of its images. A recorded split never changes.
    """
    listed = _items(campaign)
    facts = split_facts(listed)
    external = external_keys(campaign.collection)
    assignment = assign_splits(
        _tied(facts, choices),
        shares={split.value: share for split, share in SHARES.items()},
        seed=choices.seed,
        recorded=_recorded(facts),
        external_keys=external,
    )
    _store(facts, assignment.split_of, assignment.component_of)
    held_out = frozenset(
        one.pk
        for one in facts.values()
        if one.split and one.split not in HELD_BACK_SPLITS and one.keys & external
    )
    report = {
        "items": _counts(facts, assignment.split_of),
        "quarantined": _listed(map(_quarantine, assignment.quarantined)),
        "released_but_external": len(held_out),
        "recorded_leaks": _listed(map(_recorded_leak, assignment.recorded_leaks)),
        "leaks": leak_facts(facts, _released(assignment.split_of)),
    }
    return SplitOutcome(report, held_out)


def _items(campaign: Campaign) -> "QuerySet[Item]":
    """The campaign's items and everything its collection has released before."""
    chosen = Q(pk__in=CampaignItem.objects.filter(campaign=campaign).values("item"))
    return Item.objects.filter(chosen | ~Q(split=""), collection=campaign.collection)


def _recorded(facts: Mapping[str, SplitFacts]) -> dict[str, str]:
    """Items that were released; held-back ones are checked again each time."""
    return {
        name: one.split
        for name, one in facts.items()
        if one.split and one.split not in HELD_BACK_SPLITS
    }


def _tied(facts: Mapping[str, SplitFacts], choices: SplitChoices) -> list[SplitItem]:
    items = [SplitItem(name, one.keys) for name, one in facts.items()]
    pairs: list[tuple[str, str]] = []
    if choices.tie_near_images:
        pairs += near_pairs(facts)
    if choices.tie_instructions:
        pairs += same_instruction_pairs(facts)
    return tie_items(items, pairs) if pairs else items


def _store(
    facts: Mapping[str, SplitFacts], split_of: Mapping[str, str], component_of: Mapping[str, str]
) -> None:
    changed = []
    for name, one in facts.items():
        split = split_of.get(name, Split.QUARANTINE.value)
        component = sha256(component_of[name].encode()).hexdigest()
        if (one.split, one.component) != (split, component):
            changed.append(Item(pk=one.pk, split=split, split_component=component))
    Item.objects.bulk_update(changed, ["split", "split_component"], batch_size=1000)


def _released(split_of: Mapping[str, str]) -> dict[str, str]:
    return {name: split for name, split in split_of.items() if split != EXCLUDED}


def _counts(facts: Mapping[str, SplitFacts], split_of: Mapping[str, str]) -> dict[str, int]:
    counts = dict.fromkeys((split.value for split in Split), 0)
    for name in facts:
        counts[split_of.get(name, Split.QUARANTINE.value)] += 1
    return counts


def _quarantine(found: Quarantine) -> dict[str, Any]:
    return {
        "items": list(found.item_ids[:LISTED]),
        "splits": list(found.splits),
        "ties": list(found.keys[:LISTED]),
    }


def _recorded_leak(found: RecordedLeak) -> dict[str, Any]:
    return {
        "tie": found.key,
        "items_by_split": {name: list(ids[:LISTED]) for name, ids in found.items_by_split.items()},
    }


def _listed(rows: Iterable[dict[str, Any]]) -> dict[str, Any]:
    found = list(rows)
    return {"count": len(found), "listed": found[:LISTED]}
