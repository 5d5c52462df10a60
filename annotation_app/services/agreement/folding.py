"""Folding the noted changes of campaign items into the stored sums."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from annotation_app.models import Campaign, LiveStore
from annotation_app.selectors.agreement.live.counting import count_changes
from annotation_app.selectors.agreement.live.shape import live_shape
from annotation_app.selectors.agreement.live.states import current_states, folded_states
from annotation_app.services.agreement.fold_lock import try_fold_lock
from annotation_app.services.agreement.storing import add_to_store, write_states

CHANGES_AT_ONCE = 1000
# A change that commits later stays for the next fold and is not counted twice: the ratings are read
# after the notes, and an item's earlier contribution is subtracted before the new one is added.
TAKE_CHANGES = """
DELETE FROM annotation_app_campaignitemchange WHERE id IN (
    SELECT id FROM annotation_app_campaignitemchange WHERE campaign_id = %s ORDER BY id LIMIT %s
) RETURNING campaign_item_id
"""


def fold_campaign(*, campaign: Campaign, now: datetime, limit: int = CHANGES_AT_ONCE) -> int:
    """Fold all pending changes, a batch per transaction.

    Returns:
        How many changes were folded; 0 also while another folder is at work.
    """
    total = 0
    while folded := fold_batch(campaign=campaign, now=now, limit=limit):
        total += folded
    return total


def fold_batch(*, campaign: Campaign, now: datetime, limit: int = CHANGES_AT_ONCE) -> int:
    """Fold up to `limit` changes in one transaction; how many."""
    shape = live_shape(campaign.rubric)
    with transaction.atomic():
        if not try_fold_lock(campaign):
            return 0
        taken = _take_changes(campaign, limit)
        if not taken:
            return 0
        items = set(taken)
        before = folded_states(campaign, items)
        after = current_states(campaign, items)
        version = advance(campaign, folded_at=now)
        add_to_store(campaign, count_changes(before, after, shape), shape, version)
        write_states(campaign, items, after)
        return len(taken)


def advance(campaign: Campaign, **facts: object) -> int:
    """Raise the store's version, so that concurrent readers restart; returns the new one."""
    LiveStore.objects.get_or_create(campaign=campaign)
    store = LiveStore.objects.filter(campaign=campaign)
    store.update(version=F("version") + 1, **facts)
    return store.get().version


def _take_changes(campaign: Campaign, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(TAKE_CHANGES, [campaign.pk, limit])
        return [item for (item,) in cursor.fetchall()]
