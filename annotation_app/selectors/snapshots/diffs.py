"""What differs between two snapshots, item by item, in bounded memory."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from django.db import connection

from annotation_app.models import Snapshot, SnapshotItem

ITEMS_AT_ONCE = 2000
# One line per item in either snapshot, in windows of ids; hashes represent the contents.
WINDOW = """
WITH ids AS (
    SELECT DISTINCT campaign_item_id AS id FROM annotation_app_snapshotitem
    WHERE snapshot_id IN (%(old)s, %(new)s) AND campaign_item_id > %(after)s
    ORDER BY id LIMIT %(most)s
), kept AS (
    SELECT snapshot_id, campaign_item_id AS id, split, md5(facts::text) AS facts
    FROM annotation_app_snapshotitem
    WHERE snapshot_id IN (%(old)s, %(new)s) AND campaign_item_id IN (SELECT id FROM ids)
), scored AS (
    SELECT snapshot_id, campaign_item_id AS id, md5(string_agg(
        concat_ws(':', candidate_id, dimension_id, numerator, denominator), ','
        ORDER BY candidate_id, dimension_id)) AS scores
    FROM annotation_app_finalscore
    WHERE snapshot_id IN (%(old)s, %(new)s) AND campaign_item_id IN (SELECT id FROM ids)
    GROUP BY snapshot_id, campaign_item_id
)
SELECT ids.id, item.external_id, item.withdrawn_at IS NOT NULL,
       old.split, new.split, old.facts IS NOT DISTINCT FROM new.facts,
       was.scores IS NOT DISTINCT FROM is_now.scores
FROM ids
JOIN annotation_app_campaignitem held ON held.id = ids.id
JOIN annotation_app_item item ON item.id = held.item_id
LEFT JOIN kept old ON old.id = ids.id AND old.snapshot_id = %(old)s
LEFT JOIN kept new ON new.id = ids.id AND new.snapshot_id = %(new)s
LEFT JOIN scored was ON was.id = ids.id AND was.snapshot_id = %(old)s
LEFT JOIN scored is_now ON is_now.id = ids.id AND is_now.snapshot_id = %(new)s
ORDER BY ids.id
"""


class Change(StrEnum):
    """What became of an item from one snapshot to the other."""

    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"  # gone without a withdrawal: its ratings count no more
    SAME = "same"


@dataclass(frozen=True)
class ItemChange:
    """An item that differs, and the names of what differs in it."""

    item_id: str
    change: Change
    fields: tuple[str, ...] = ()


@dataclass
class DiffSummary:
    """How many items fared in each way, and the first of them."""

    counts: Counter[str] = field(default_factory=Counter)
    listed: dict[str, list[ItemChange]] = field(default_factory=dict)


def item_changes(old: Snapshot, new: Snapshot) -> Iterator[ItemChange]:
    """Every item of either snapshot by ascending id, the same ones too."""
    after = 0
    while True:
        with connection.cursor() as cursor:
            values = {"old": old.pk, "new": new.pk, "after": after, "most": ITEMS_AT_ONCE}
            cursor.execute(WINDOW, values)
            rows = cursor.fetchall()
        if not rows:
            return
        differing = {row[0] for row in rows if row[3] and row[4] and not row[5]}
        fields = _differing_fields(old, new, differing)
        for row in rows:
            yield _change(row, fields.get(row[0], ()))
        after = rows[-1][0]


def summarise_changes(old: Snapshot, new: Snapshot, listed: int) -> DiffSummary:
    """Counts of all changes, and the first `listed` of each kind."""
    summary = DiffSummary(Counter({change.value: 0 for change in Change}))
    for one in item_changes(old, new):
        summary.counts[one.change.value] += 1
        named = summary.listed.setdefault(one.change.value, [])
        if one.change is not Change.SAME and len(named) < listed:
            named.append(one)
    return summary


def _change(row: tuple[Any, ...], fields: tuple[str, ...]) -> ItemChange:
    _id, name, withdrawn, old_split, new_split, _same_facts, same_scores = row
    if old_split is None:
        return ItemChange(name, Change.ADDED)
    if new_split is None:
        return ItemChange(name, Change.WITHDRAWN if withdrawn else Change.DROPPED)
    found = [*fields]
    if old_split != new_split and "split" not in found:
        found.append("split")
    if not same_scores:
        found.append("scores")
    return ItemChange(name, Change.CHANGED if found else Change.SAME, tuple(sorted(found)))


def _differing_fields(old: Snapshot, new: Snapshot, items: set[int]) -> dict[int, tuple[str, ...]]:
    """Which facts of these items differ, by campaign item."""
    if not items:
        return {}
    rows = SnapshotItem.objects.filter(snapshot__in=(old, new), campaign_item__in=items)
    facts: dict[int, dict[int, dict[str, Any]]] = {}
    for item, snapshot, values in rows.values_list("campaign_item", "snapshot", "facts"):
        facts.setdefault(item, {})[snapshot] = values
    return {
        item: tuple(
            name
            for name in {**both[old.pk], **both[new.pk]}
            if both[old.pk].get(name) != both[new.pk].get(name)
        )
        for item, both in facts.items()
    }
