"""Reading a lane of the queue past the slots that are barred to an annotator."""

from typing import Any

from django.db import connection

from annotation_app.enums import Lane
from annotation_app.models import QueueCursor
from annotation_app.selectors.rows import columns, read_row
from annotation_app.services.queue.picking import (
    START,
    PickedSlot,
    QueuePosition,
    pick_in_lane,
    read_ineligible,
)

SAVED = (
    "ranked_priority",
    "ranked_task",
    "reserved_priority",
    "reserved_task",
    "served",
    "served_reserved",
    "wrapped_at",
)
READ_CURSOR = f"""
SELECT {columns(QueueCursor)} FROM annotation_app_queuecursor
WHERE annotator_id = %s AND campaign_id = %s
"""  # noqa: S608 - columns of a model
SAVE_CURSOR = f"""
UPDATE annotation_app_queuecursor SET {", ".join(f"{name} = %s" for name in SAVED)} WHERE id = %s
"""  # noqa: S608 - constants of this module
TOLERATED = 8  # slots that a pick may step over before its cursor is moved


def read_lane(cursor: QueueCursor, lane: Lane, values: dict[str, Any]) -> PickedSlot | None:
    """Lock the best slot of a lane for the cursor's annotator, moving the cursor where useful.

    Each turn looks at one window. The cursor moves only over an unbroken run of barred slots, so
    that a slot that another transaction has briefly locked is not skipped.
    """
    after = position_in(cursor, lane)
    while True:
        slot = pick_in_lane(values, lane, after)
        if slot is not None and slot.place <= TOLERATED:
            return slot
        rows = read_ineligible(values, lane, after)
        barred = _ineligible_run(rows)
        if barred and after == position_in(cursor, lane):
            set_position(cursor, lane, barred[-1])
        if slot is not None or not rows:
            return slot
        after = QueuePosition(rows[-1][1], rows[-1][0])


def position_in(cursor: QueueCursor, lane: Lane) -> QueuePosition:
    """Return how far the cursor has come in a lane."""
    if lane == Lane.RESERVED:
        priority, task = cursor.reserved_priority, cursor.reserved_task
    else:
        priority, task = cursor.ranked_priority, cursor.ranked_task
    return START if priority is None or task is None else QueuePosition(priority, task)


def set_position(cursor: QueueCursor, lane: Lane, place: QueuePosition) -> None:
    """Move the cursor in a lane; the caller saves it."""
    priority, task = (None, None) if place == START else place
    if lane == Lane.RESERVED:
        cursor.reserved_priority, cursor.reserved_task = priority, task
    else:
        cursor.ranked_priority, cursor.ranked_task = priority, task


def open_cursor(*, annotator_id: int, campaign_id: int) -> QueueCursor:
    """Return the annotator's cursor in a campaign, a new one at the start of the queue if need be.

    The caller must have the annotator's row locked.
    """
    found = read_row(QueueCursor, READ_CURSOR, [annotator_id, campaign_id])
    return found or QueueCursor.objects.create(annotator_id=annotator_id, campaign_id=campaign_id)


def save_cursor(cursor: QueueCursor) -> None:
    """Save the cursor, unless another process has deleted it meanwhile to restart it."""
    values = [getattr(cursor, name) for name in SAVED]
    with connection.cursor() as database:
        database.execute(SAVE_CURSOR, [*values, cursor.pk])


def _ineligible_run(rows: list[tuple[int, float, bool]]) -> list[QueuePosition]:
    run: list[QueuePosition] = []
    for task, priority, is_barred in rows:
        if not is_barred:
            break
        run.append(QueuePosition(priority, task))
    return run
