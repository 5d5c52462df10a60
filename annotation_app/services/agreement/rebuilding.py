"""Rebuilding the stored sums from the ratings, and comparing: the nightly check.

Sums are whole numbers, so equal means equal to the last digit. A store that differs is replaced by
what was rebuilt, and what differed is kept for finding the cause.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection, transaction

from analytics.agreement.sums.exact.stratum_sums import different_parts
from annotation_app.models import Campaign, CampaignItem, LiveCross, LiveSums
from annotation_app.selectors.agreement.live.agreement import pending_items
from annotation_app.selectors.agreement.live.counting import Counted, count_changes
from annotation_app.selectors.agreement.live.shape import LiveShape, live_shape
from annotation_app.selectors.agreement.live.states import ItemState, current_states, folded_states
from annotation_app.selectors.agreement.live.stored import added, stored_sums
from annotation_app.services.agreement.fold_lock import hold_fold_lock
from annotation_app.services.agreement.folding import advance
from annotation_app.services.agreement.storing import write_states, write_sums

ITEMS_AT_ONCE = 1000
SHOWN = 20


def rebuild_store(*, campaign: Campaign, now: datetime) -> list[str]:
    """Rebuild a store in one REPEATABLE READ transaction, compare, and replace it if different.

    Items whose changes wait for the next fold are compared as they were folded.

    Returns:
        The differences, one phrase for each slice or item; empty if there are none.
    """
    shape = live_shape(campaign.rubric)
    with hold_fold_lock(campaign), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        rebuilt, wrong = _rebuild(campaign, shape)
        stored = stored_sums(campaign, shape)
        found = [f"item {item}" for item in wrong] + differences(stored, rebuilt)
        version = advance(campaign, checked_at=now, differences=found[:SHOWN])
        if found:
            _replace(campaign, rebuilt, wrong, version)
    return found


def differences(stored: Counted, rebuilt: Counted) -> list[str]:
    """Name the slices that differ and what of them does."""
    found = []
    for key in sorted(stored.sums.keys() | rebuilt.sums.keys()):
        one, other = stored.sums.get(key), rebuilt.sums.get(key)
        name, dimension = key
        if one is None or other is None:
            found.append(" ".join(filter(None, [*name, dimension, "present on one side only"])))
        elif parts := different_parts(one, other):
            found.append(" ".join(filter(None, [*name, dimension, *parts])))
    for pair in sorted(stored.crosses.keys() | rebuilt.crosses.keys()):
        cross, again = stored.crosses.get(pair), rebuilt.crosses.get(pair)
        if cross is None or again is None or not (cross - again).is_empty:
            found.append(" ".join(filter(None, [*pair[0], pair[1], "×", pair[2]])))
    return found


def _rebuild(campaign: Campaign, shape: LiveShape) -> tuple[Counted, dict[int, ItemState | None]]:
    """The sums as they should be, and the items whose folded state is not what they say."""
    pending = set(pending_items(campaign))
    total = Counted({}, {})
    wrong: dict[int, ItemState | None] = {}
    for items in _batches(campaign):
        folded, current = folded_states(campaign, items), current_states(campaign, items)
        right = {
            item: state
            for item in items
            if (state := (folded if item in pending else current).get(item)) is not None
        }
        wrong |= {item: right.get(item) for item in items if folded.get(item) != right.get(item)}
        total = added(total, count_changes({}, right, shape))
    return total, wrong


def _batches(campaign: Campaign) -> Iterator[Sequence[int]]:
    items = list(
        CampaignItem.objects.filter(campaign=campaign, ratings__isnull=False)
        .order_by("pk")
        .values_list("pk", flat=True)
        .distinct()
    )
    for start in range(0, len(items), ITEMS_AT_ONCE):
        yield items[start : start + ITEMS_AT_ONCE]


def _replace(
    campaign: Campaign, rebuilt: Counted, wrong: dict[int, ItemState | None], version: int
) -> None:
    for model in (LiveSums, LiveCross):
        model.objects.filter(campaign=campaign).delete()
    write_sums(campaign, rebuilt, version)
    states = {item: state for item, state in wrong.items() if state is not None}
    write_states(campaign, wrong.keys(), states)
