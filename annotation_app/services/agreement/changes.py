"""Noting changes that concern items rather than one rating: withdrawals, new facts of items."""

from collections.abc import Collection

from django.db import connection

NOTE_ITEMS = """
INSERT INTO annotation_app_campaignitemchange (campaign_id, campaign_item_id, created_at)
SELECT campaign_id, id, now() FROM annotation_app_campaignitem WHERE item_id = ANY(%s)
"""


def note_items(items: Collection[int]) -> int:
    """Tell the folding task that items changed, in every campaign that has them.

    Whoever withdraws items, or changes their category or source, calls this in that transaction.

    Args:
        items: item ids.

    Returns:
        How many campaign items were noted.
    """
    with connection.cursor() as cursor:
        cursor.execute(NOTE_ITEMS, [list(items)])
        return int(cursor.rowcount)
