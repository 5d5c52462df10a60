"""The statements of a submit: few and plain, because they run hundreds of times a second.

Only `services.rating.submission` calls these, inside its transaction and in this order: lock the
item, fill the slot, store the rating.
"""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection

from annotation_app.enums import (
    INDEPENDENT_PURPOSES,
    AuditVerb,
    RatingStatus,
    RevisionCause,
)
from annotation_app.models import Lease, Rating
from annotation_app.selectors.rows import columns, read_rows
from annotation_app.selectors.rubrics.shapes import rubric_shape
from annotation_app.services.rating.judgements import Judgement

REOPEN_TIME = timedelta(seconds=settings.REOPEN_SECONDS)

LOCK_ITEM = "SELECT 1 FROM annotation_app_campaignitem WHERE id = %s FOR NO KEY UPDATE"
# A hidden check counts as filled once someone has submitted what they were served in its place.
FILL_SLOT = """
UPDATE annotation_app_task SET state = 'filled', lease_expires_at = NULL
WHERE id = %s AND state IN ('open', 'leased') AND NOT EXISTS (
    SELECT 1 FROM annotation_app_lease taker
    WHERE taker.id = annotation_app_task.taken_by_id AND taker.outcome = 'submitted'
)
"""
# Rating and revision point at each other: their ids are drawn first, the keys checked at commit. If
# a late submit fills a leased slot, its annotator learns so at the next heartbeat.
STORE_RATING = f"""
WITH ids AS MATERIALIZED (
    SELECT nextval(pg_get_serial_sequence('annotation_app_rating', 'id')) AS rating,
           nextval(pg_get_serial_sequence('annotation_app_ratingrevision', 'id')) AS revision
), stored AS (
    INSERT INTO annotation_app_rating
        (id, task_id, lease_id, campaign_id, campaign_item_id, annotator_id, purpose, independent,
         status, client_uuid, guideline_id, current_revision_id, candidate_order, submitted_at,
         open_until)
    SELECT rating, %(task)s, %(lease)s, %(campaign)s, %(item)s, %(annotator)s, %(purpose)s,
           %(independent)s, %(status)s, %(uuid)s, %(guideline)s, revision, %(order)s::bigint[],
           %(now)s, %(open_until)s
    FROM ids RETURNING *
), said AS (
    INSERT INTO annotation_app_ratingrevision
        (id, rating_id, number, client_uuid, cause, seconds, aids, note, created_at)
    SELECT revision, rating, 1, %(uuid)s, %(cause)s, %(seconds)s, %(aids)s::jsonb, %(note)s,
           %(now)s
    FROM ids
), scored AS (
    INSERT INTO annotation_app_score
        (revision_id, candidate_id, dimension_id, level, missing_reason)
    SELECT ids.revision, score.* FROM ids, unnest(
        %(candidates)s::bigint[], %(dimensions)s::bigint[], %(levels)s::smallint[],
        %(reasons)s::text[]
    ) AS score
), changed AS (
    INSERT INTO annotation_app_campaignitemchange (campaign_id, campaign_item_id, created_at)
    SELECT %(campaign)s, %(item)s, %(now)s WHERE %(counts)s
), recorded AS (
    INSERT INTO annotation_app_auditevent
        (actor_id, verb, object_type, object_id, campaign_id, data, created_at)
    SELECT %(annotator)s, %(verb)s, 'rating', rating::text, %(campaign)s, %(data)s::jsonb, %(now)s
    FROM ids
), ended AS (
    UPDATE annotation_app_lease SET outcome = 'submitted', ended_at = COALESCE(ended_at, %(now)s)
    WHERE id = %(lease)s
), beaten AS (
    UPDATE annotation_app_lease SET outcome = 'expired', ended_at = %(now)s
    WHERE task_id = %(task)s AND id <> %(lease)s AND ended_at IS NULL AND %(counts)s
)
SELECT {columns(Rating)} FROM stored
"""  # noqa: S608 - columns of a model


def lock_item(campaign_item_id: int) -> None:
    """Lock the campaign item: submits of one item run one after another."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_ITEM, [campaign_item_id])


def fill_slot(task_id: int) -> bool:
    """Fill a slot unless it is filled or closed; whether it was."""
    with connection.cursor() as cursor:
        cursor.execute(FILL_SLOT, [task_id])
        return bool(cursor.rowcount == 1)


def store_rating(lease: Lease, judgement: Judgement, *, now: datetime, counts: bool) -> Rating:
    """Insert the rating with its revision, scores, change note and audit event; end the lease."""
    task = lease.task
    values: dict[str, Any] = {
        "task": task.pk,
        "lease": lease.pk,
        "campaign": task.campaign_id,
        "item": task.campaign_item_id,
        "annotator": lease.annotator_id,
        "purpose": task.purpose,
        "independent": task.purpose in INDEPENDENT_PURPOSES,
        "status": (RatingStatus.ACTIVE if counts else RatingStatus.SUPERSEDED).value,
        "uuid": judgement.client_uuid,
        "guideline": task.guideline_id,
        "order": lease.candidate_order,
        "now": now,
        "open_until": now + REOPEN_TIME,
        "cause": RevisionCause.SUBMIT.value,
        "seconds": judgement.seconds,
        "aids": json.dumps(judgement.aids),
        "note": judgement.note,
        "counts": counts,
        "verb": (AuditVerb.SUBMITTED if counts else AuditVerb.SUPERSEDED).value,
        "data": json.dumps({"task": task.pk, "client_uuid": str(judgement.client_uuid)}),
    }
    values |= _score_columns(task.rubric_id, judgement)
    [rating] = read_rows(Rating, STORE_RATING, values)
    return rating


def _score_columns(rubric_id: int, judgement: Judgement) -> dict[str, list[Any]]:
    dimension_ids = rubric_shape(rubric_id).dimension_ids
    return {
        "candidates": [score.candidate_id for score in judgement.scores],
        "dimensions": [dimension_ids[score.dimension] for score in judgement.scores],
        "levels": [score.level for score in judgement.scores],
        "reasons": [score.missing_reason for score in judgement.scores],
    }
