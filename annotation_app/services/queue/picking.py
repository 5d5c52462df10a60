"""Finding the next slot: bounded index scans, each statement locking at most what it returns.

Only `services.assignment` runs these, inside its transaction. Their cost does not grow with the
queue; the tests read it off their EXPLAIN.
"""

from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from annotation_app.enums import INDEPENDENT_PURPOSES, Lane, LeaseOutcome

WINDOW = 64  # open slots looked at by one statement, about the number of clients at one moment
RECLAIMED_AT_ONCE = 8
# A lease that ended in one of these ways leaves its item open to the same annotator.
FORGIVEN = (LeaseOutcome.EXPIRED, LeaseOutcome.RELEASED)

# True if the annotator has seen the slot's item before: rated, leased or skipped it. Whoever saw an
# item in any way (as gold, in training, in review) is no longer an independent rater of it.
INELIGIBLE = """EXISTS (
    SELECT 1 FROM annotation_app_task met
    JOIN annotation_app_lease held ON held.task_id = met.id AND held.annotator_id = %(annotator)s
    WHERE met.campaign_item_id = seen.campaign_item_id
      AND (met.id = seen.id OR seen.purpose = ANY(%(independent)s))
      AND (held.ended_at IS NULL OR held.outcome <> ALL(%(forgiven)s)
           OR EXISTS (SELECT 1 FROM annotation_app_rating given
                      WHERE given.task_id = met.id AND given.annotator_id = %(annotator)s
                        AND given.status <> 'released'))
)"""

# One window of the queue after a place; `place` counts the open slots from there.
AHEAD = """(
    SELECT id, campaign_item_id, purpose, priority,
           row_number() OVER (ORDER BY priority DESC, id DESC) AS place
    FROM annotation_app_task
    WHERE campaign_id = %(campaign)s AND lane = %(lane)s AND state = 'open'
      AND assigned_to_id IS NULL AND (priority, id) < (%(priority)s, %(task)s)
    ORDER BY priority DESC, id DESC LIMIT %(window)s
) AS seen"""

# A hidden check that its annotator gave back is gone for them while the slot that they would have
# been served in its place is leased or filled (see `services.queue.stand_ins`).
GONE = """EXISTS (
    SELECT 1 FROM annotation_app_lease taker
    WHERE taker.id = task.taken_by_id AND (taker.ended_at IS NULL OR taker.outcome = 'submitted')
)"""

# What came back, the oldest first, and among it the annotator's own hidden checks.
RETURNED = f"""(
    SELECT id, campaign_item_id, purpose, -extract(epoch FROM returned_at) AS priority, 1 AS place
    FROM (
        (SELECT id, campaign_item_id, purpose, returned_at FROM annotation_app_task
         WHERE campaign_id = %(campaign)s AND state = 'open' AND assigned_to_id IS NULL
           AND returned_at IS NOT NULL
         ORDER BY returned_at LIMIT %(window)s)
        UNION ALL
        (SELECT id, campaign_item_id, purpose, returned_at FROM annotation_app_task task
         WHERE assigned_to_id = %(annotator)s AND campaign_id = %(campaign)s AND state = 'open'
           AND purpose IN ('gold', 'repeat') AND returned_at IS NOT NULL AND NOT {GONE}
         ORDER BY returned_at LIMIT %(window)s)
    ) AS oldest
) AS seen"""  # noqa: S608 - constants of this module

ASSIGNED = """(
    SELECT id, campaign_item_id, purpose, priority, 1 AS place FROM annotation_app_task
    WHERE assigned_to_id = %(annotator)s AND campaign_id = %(campaign)s AND state = 'open'
      AND purpose = ANY(%(purposes)s)
    ORDER BY priority DESC, id DESC LIMIT %(window)s
) AS seen"""

# Hidden checks that were never shown; one that was comes back among what came back.
HIDDEN = """(
    SELECT id, campaign_item_id, purpose, priority, 1 AS place FROM annotation_app_task
    WHERE assigned_to_id = %(annotator)s AND campaign_id = %(campaign)s AND state = 'open'
      AND purpose = ANY(%(hidden)s) AND returned_at IS NULL
    ORDER BY priority DESC, id DESC LIMIT %(window)s
) AS seen"""

# Begun and not sent, in the order in which it was begun, whatever its purpose.
UNFINISHED = f"""(
    SELECT task.id, campaign_item_id, purpose,
           -extract(epoch FROM lease.leased_at) AS priority, 1 AS place
    FROM annotation_app_lease lease JOIN annotation_app_task task ON task.id = lease.task_id
    WHERE lease.annotator_id = %(annotator)s AND lease.outcome = 'expired'
      AND lease.draft <> '{{}}' AND task.campaign_id = %(campaign)s AND task.state = 'open'
      AND task.purpose NOT IN ('training', 'qualification', 'review') AND NOT {GONE}
    ORDER BY lease.leased_at LIMIT %(window)s
) AS seen"""  # noqa: S608 - constants of this module

PICK = """
SELECT slot.id, slot.campaign_item_id, slot.lane, slot.returned_at IS NULL, seen.place,
       slot.returned_at
FROM {source} JOIN annotation_app_task slot ON slot.id = seen.id
WHERE slot.state = 'open' AND NOT {barred}
ORDER BY seen.priority DESC, {turn} DESC
LIMIT 1 FOR NO KEY UPDATE OF slot SKIP LOCKED
"""

READ_INELIGIBLE = f"""
SELECT seen.id, seen.priority, {INELIGIBLE} FROM {AHEAD} ORDER BY seen.priority DESC, seen.id DESC
"""  # noqa: S608 - constants of this module

EXPIRED = """
SELECT id FROM annotation_app_task
WHERE campaign_id = %(campaign)s AND state = 'leased' AND lease_expires_at < %(now)s
ORDER BY lease_expires_at LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
"""

# All that decides where to look, in one statement: one answer per annotator and campaign.
AVAILABILITY = """
SELECT EXISTS (SELECT 1 FROM annotation_app_task WHERE campaign_id = %(campaign)s
               AND state = 'leased' AND lease_expires_at < %(now)s) AS expired,
       EXISTS (SELECT 1 FROM annotation_app_lease WHERE annotator_id = %(annotator)s
               AND outcome = 'expired' AND draft <> '{}') AS unfinished,
       ARRAY(SELECT purpose FROM annotation_app_task WHERE assigned_to_id = %(annotator)s
             AND campaign_id = %(campaign)s AND state = 'open' LIMIT %(window)s) AS assigned,
       EXISTS (SELECT 1 FROM annotation_app_task WHERE campaign_id = %(campaign)s
               AND state = 'open' AND assigned_to_id IS NULL AND returned_at IS NOT NULL)
           AS returned,
       ARRAY(SELECT DISTINCT assigned_to_id = %(annotator)s FROM annotation_app_task
             WHERE campaign_id = %(campaign)s AND state = 'open' AND assigned_to_id IS NOT NULL
               AND returned_at IS NOT NULL AND purpose IN ('gold', 'repeat')) AS given_back,
       (SELECT daily_cap FROM annotation_app_membership WHERE campaign_id = %(campaign)s
        AND user_id = %(annotator)s AND role = 'annotator') AS daily_cap,
       ARRAY(SELECT slot FROM annotation_app_lease WHERE annotator_id = %(annotator)s
             AND ended_at IS NULL) AS held,
       EXISTS (SELECT 1 FROM annotation_app_lease WHERE annotator_id = %(annotator)s
               AND ended_at IS NULL AND expires_at < %(now)s) AS holds_expired,
       COALESCE(plan.training_required OR plan.qualification_required, false) AS gated,
       COALESCE(plan.gold_share, 0) AS gold_share, COALESCE(plan.repeat_share, 0) AS repeat_share
FROM (SELECT 1) AS always
LEFT JOIN annotation_app_qualityplan plan ON plan.campaign_id = %(campaign)s
"""


class QueuePosition(NamedTuple):
    """A position in a lane; the slots after it have a lower (priority, id)."""

    priority: float
    task: int


START = QueuePosition(float("inf"), 2**63 - 1)


class PickedSlot(NamedTuple):
    """A slot that the caller's transaction has locked.

    `is_fresh`: never leased before. `place`: how many open slots the scan passed, itself included.
    `returned_at`: when it last came back. `stands_for`: the slot that a hidden check replaced.
    """

    task: int
    campaign_item: int
    lane: str
    is_fresh: bool
    place: int
    returned_at: datetime | None = None
    stands_for: int | None = None


class QueueAvailability(NamedTuple):
    """Which rarer sources of work are not empty, and what the annotator has leased and may do.

    `assigned`: the purposes of the slots that wait for them alone. `given_back`: the owners of
    hidden checks that wait after they were returned, True for the annotator and False for others.
    `held`: the numbers of their open leases; `holds_expired`: one of them has run out. `gated`: the
    campaign trains or tests its annotators first. The shares are of hidden gold and hidden repeats.
    """

    expired: bool
    unfinished: bool
    assigned: list[str]
    returned: bool
    given_back: list[bool]
    daily_cap: int | None
    held: list[int]
    holds_expired: bool
    gated: bool
    gold_share: float
    repeat_share: float


def queue_values(
    *, annotator_id: int, campaign_id: int, now: datetime, window: int = WINDOW
) -> dict[str, Any]:
    """Return the parameters that every statement here shares."""
    return {
        "annotator": annotator_id,
        "campaign": campaign_id,
        "now": now,
        "window": window,
        "independent": [purpose.value for purpose in INDEPENDENT_PURPOSES],
        "forgiven": [outcome.value for outcome in FORGIVEN],
    }


def lock_annotator(annotator_id: int) -> None:
    """Make the calls of one annotator run one after another until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM annotation_app_user WHERE id = %s FOR NO KEY UPDATE", [annotator_id]
        )


def read_availability(values: dict[str, Any]) -> QueueAvailability:
    """Ask all that decides where to look in one go."""
    with connection.cursor() as cursor:
        cursor.execute(AVAILABILITY, values)
        return QueueAvailability(*cursor.fetchone())


def pick_from(source: str, values: dict[str, Any]) -> PickedSlot | None:
    """Lock the first slot of a source other than a lane that the annotator may take."""
    # What came back in one moment comes in an order that no id, higher for checks, decides.
    turn = "hashint8(seen.id)" if source in (RETURNED, UNFINISHED) else "seen.id"
    with connection.cursor() as cursor:
        cursor.execute(PICK.format(source=source, barred=INELIGIBLE, turn=turn), values)
        row = cursor.fetchone()
    return PickedSlot(*row) if row else None


def pick_in_lane(values: dict[str, Any], lane: Lane, after: QueuePosition) -> PickedSlot | None:
    """Lock the best open slot of a lane after a place, within one window."""
    return pick_from(AHEAD, values | {"lane": lane.value, **after._asdict()})


def read_ineligible(
    values: dict[str, Any], lane: Lane, after: QueuePosition
) -> list[tuple[int, float, bool]]:
    """Return the next window of open slots: id, priority and whether barred; takes no lock."""
    with connection.cursor() as cursor:
        cursor.execute(READ_INELIGIBLE, values | {"lane": lane.value, **after._asdict()})
        return [(task, priority, barred) for task, priority, barred in cursor.fetchall()]


def lock_expired(values: dict[str, Any]) -> list[int]:
    """Lock a few slots whose leases have run out, oldest first; return their ids."""
    with connection.cursor() as cursor:
        cursor.execute(EXPIRED, values | {"most": RECLAIMED_AT_ONCE})
        return [row[0] for row in cursor.fetchall()]
