"""Rewriting the order of open tasks by what a model says is worth a human's next minute."""

import math
from collections.abc import Mapping

from django.db import connection, transaction

from annotation_app.enums import AuditVerb, Design, JobKind, Lane, PriorityStrategy, TaskState
from annotation_app.models import Campaign, Job, QueueCursor, RewardModelVersion, Task, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.jobs.lifecycle import create_job

TASKS_AT_ONCE = 500


def request_refresh(
    *, version: RewardModelVersion, strategy: PriorityStrategy, created_by: User | None
) -> Job:
    """Ask for new priorities from a model's stored predictions.

    Raises:
        ConflictError: if the campaign's priorities are being refreshed already.
    """
    return create_job(
        kind=JobKind.REFRESH_PRIORITIES,
        arguments={"model": version.pk, "strategy": strategy},
        created_by=created_by,
        campaign=version.campaign,
        dedupe_key=f"priorities:{version.campaign_id}",
    )


def write_priorities(
    *,
    campaign: Campaign,
    version: RewardModelVersion,
    strategy: PriorityStrategy,
    worth: Mapping[int, float],
    actor: User | None,
) -> int:
    """Give the open, ranked tasks of items their new priority, in chunks.

    Only tasks of the ranked lane change: the reserved share stays in its random order. A task
    that is leased meanwhile keeps its old priority and design, because it was already drawn.

    Args:
        campaign: the campaign of the tasks.
        version: the model behind the order, recorded with each task.
        strategy: how worth was computed, recorded with each task.
        worth: campaign item id to its worth in (0, 1]; larger is served first.
        actor: who asked.

    Returns:
        How many tasks changed.
    """
    changed = 0
    floor = _next_floor(campaign)
    items = [(item, floor + value) for item, value in sorted(worth.items())]
    for start in range(0, len(items), TASKS_AT_ONCE):
        changed += _write_chunk(campaign, version, strategy, items[start : start + TASKS_AT_ONCE])
    with transaction.atomic():
        QueueCursor.objects.filter(campaign=campaign).delete()  # all start at the new top
        campaign.priority_strategy = strategy
        campaign.save(update_fields=["priority_strategy"])
        record_event(
            actor=actor,
            verb=AuditVerb.PRIORITISED,
            object_type="campaign",
            object_id=campaign.pk,
            campaign=campaign,
            data={"model": version.pk, "strategy": strategy, "tasks": changed},
        )
    return changed


def _write_chunk(
    campaign: Campaign,
    version: RewardModelVersion,
    strategy: PriorityStrategy,
    items: list[tuple[int, float]],
) -> int:
    """One short transaction; rows that another transaction has locked are skipped."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            WITH worth AS (
                SELECT * FROM unnest(%s::bigint[], %s::float8[]) AS worth (item, priority)
            ), waiting AS (
                SELECT task.id, worth.priority FROM annotation_app_task AS task
                JOIN worth ON worth.item = task.campaign_item_id
                WHERE task.campaign_id = %s AND task.state = %s AND task.lane = %s
                ORDER BY task.id FOR UPDATE OF task SKIP LOCKED
            )
            UPDATE annotation_app_task AS task
            SET priority = waiting.priority, priority_strategy = %s, priority_model_id = %s,
                design = CASE WHEN design = %s THEN %s ELSE design END,
                inclusion_probability = NULL
            FROM waiting WHERE task.id = waiting.id
            """,
            [
                [item for item, _ in items],
                [priority for _, priority in items],
                campaign.pk,
                TaskState.OPEN,
                Lane.RANKED,
                strategy,
                version.pk,
                Design.RANDOM,
                Design.ACTIVE,
            ],
        )
        changed: int = cursor.rowcount
        return changed


def _next_floor(campaign: Campaign) -> float:
    """A whole number above all priorities so far: a refresh need only write its own top items.

    Random priorities are in [0, 1); each refresh fills the unit above the one before.
    """
    highest = (
        Task.objects.filter(campaign=campaign, state=TaskState.OPEN, lane=Lane.RANKED)
        .order_by("-priority")
        .values_list("priority", flat=True)
        .first()
    )
    return math.floor(highest or 0.0) + 1.0
