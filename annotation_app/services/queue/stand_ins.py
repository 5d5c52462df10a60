"""The way back of a hidden check: that of the work whose place it took, as far as anyone can tell.

Work that is given back is taken by whoever asks next; a hidden check is one person's alone and
would come back to them each time. So whoever asks next and would have been served it, were it work
for anyone, takes it on paper: it stays away while they hold or once they have submitted what they
were served instead, and a late submit of it counts as little. `services.assignment` calls this.
"""

from typing import Any

from django.db import connection

from annotation_app.models import Lease
from annotation_app.services.queue.picking import GONE, PickedSlot

# The oldest one that came back before what was picked. It is barred to anyone who has seen the item
# of the slot it replaces, through another slot of that item.
FIND = f"""
SELECT task.id FROM annotation_app_task task
LEFT JOIN annotation_app_task place ON place.id = task.stands_for_id
WHERE task.campaign_id = %(campaign)s AND task.state = 'open'
  AND task.assigned_to_id IS NOT NULL AND task.assigned_to_id <> %(annotator)s
  AND task.returned_at IS NOT NULL AND task.purpose IN ('gold', 'repeat')
  AND NOT {GONE}
  AND (%(before)s::timestamptz IS NULL OR task.returned_at < %(before)s
       OR task.returned_at = %(before)s AND hashint8(task.id) > hashint8(%(picked)s::bigint))
  AND NOT EXISTS (
      SELECT 1 FROM annotation_app_task met
      JOIN annotation_app_lease held ON held.task_id = met.id AND held.annotator_id = %(annotator)s
      WHERE met.campaign_item_id = place.campaign_item_id AND met.id <> place.id
        AND (held.ended_at IS NULL OR held.outcome <> ALL(%(forgiven)s))
  )
ORDER BY task.returned_at, hashint8(task.id) DESC LIMIT 1 FOR NO KEY UPDATE OF task SKIP LOCKED
"""  # noqa: S608 - constants
TAKE = "UPDATE annotation_app_task SET taken_by_id = %s WHERE id = %s"


def find_taken(slot: PickedSlot, values: dict[str, Any]) -> int | None:
    """Lock the check of another annotator that this one would have been served before a slot."""
    with connection.cursor() as cursor:
        cursor.execute(FIND, values | {"before": slot.returned_at, "picked": slot.task})
        row = cursor.fetchone()
    return row[0] if row else None


def take_on_paper(task_id: int, lease: Lease) -> None:
    """Record whose lease keeps a check away from its annotator."""
    with connection.cursor() as cursor:
        cursor.execute(TAKE, [lease.pk, task_id])
