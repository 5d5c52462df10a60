"""What an annotator's page may know of the work in hand: nothing that names or ranks an edit.

Candidates appear by their position on screen alone; their ids would tell generators apart.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from annotation_app.models import (
    Campaign,
    Dimension,
    GuidelineVersion,
    Image,
    Item,
    Lease,
    Rating,
    Score,
    Task,
    User,
)
from annotation_app.selectors.rows import columns, read_row, read_together
from annotation_app.selectors.rubrics.wording import in_language

SOURCE = 0  # the position of the source image; candidates count from 1
READ_LEASE = f"""
SELECT {columns(Lease, "lease")}, {columns(Task, "task")}, {columns(Campaign, "campaign")}
FROM annotation_app_lease lease
JOIN annotation_app_task task ON task.id = lease.task_id
JOIN annotation_app_campaign campaign ON campaign.id = task.campaign_id
WHERE lease.token = %s AND lease.annotator_id = %s
"""  # noqa: S608 - columns of models
FIND_CAMPAIGN = f"""
SELECT {columns(Campaign)} FROM annotation_app_campaign WHERE slug = %s
"""  # noqa: S608 - columns of a model
# The item's words and its source image, then one row for each shown candidate.
READ_SHOWN = """
SELECT item.instruction, item.instruction_language, NULL::bigint,
       image.width, image.height, image.has_alpha
FROM annotation_app_campaignitem ci
JOIN annotation_app_item item ON item.id = ci.item_id
JOIN annotation_app_image image ON image.id = item.source_image_id
WHERE ci.id = %s
UNION ALL
SELECT '', '', candidate.id, image.width, image.height, image.has_alpha
FROM annotation_app_candidate candidate
JOIN annotation_app_image image ON image.id = candidate.image_id
WHERE candidate.id = ANY(%s)
"""


def find_lease(*, annotator: User, token: UUID) -> Lease | None:
    """Return the annotator's own lease of that token, with its task and campaign."""
    found = read_together((Lease, Task, Campaign), READ_LEASE, [token, annotator.pk])
    if found is None:
        return None
    lease: Lease = found[0]
    lease.task, lease.task.campaign, lease.annotator = found[1], found[2], annotator
    return lease


def find_campaign(slug: str) -> Campaign | None:
    """Return the campaign of that slug."""
    return read_row(Campaign, FIND_CAMPAIGN, [slug])


def open_leases(*, annotator: User, campaign: Campaign) -> QuerySet[Lease]:
    """Return the annotator's open leases in a campaign, the oldest first."""
    return (
        Lease.objects.filter(annotator=annotator, ended_at=None, task__campaign=campaign)
        .select_related("task")
        .order_by("leased_at", "pk")
    )


def find_stray_lease(
    *, annotator: User, campaign: Campaign, known: Sequence[UUID] | None, now: datetime
) -> Lease | None:
    """Return the oldest running lease that is not among the known ones; None if all are known."""
    if known is None:
        return None
    held = open_leases(annotator=annotator, campaign=campaign).filter(expires_at__gt=now)
    return held.exclude(token__in=known).first()


def describe_work(lease: Lease, *, now: datetime, language: str) -> dict[str, Any]:
    """Return a lease as the page reads it: instruction, rubric, images by position, draft."""
    task = lease.task
    with connection.cursor() as cursor:
        cursor.execute(READ_SHOWN, [task.campaign_item_id, lease.candidate_order])
        rows = cursor.fetchall()
    shapes = {candidate: shape for _, _, candidate, *shape in rows}
    instruction, spoken = next(words for *words, candidate, _, _, _ in rows if candidate is None)
    return {
        "token": str(lease.token),
        "instruction": instruction,
        "language": spoken,
        "guideline": guideline_number(task.guideline_id),
        "rubric": describe_rubric(task.rubric_id, task.guideline_id, language),
        "secondsLeft": max(0, round((lease.expires_at - now).total_seconds())),
        "draft": lease.draft,
        "draftNumber": lease.draft_number,
        "source": _describe_image(lease, SOURCE, shapes[None]),
        "candidates": [
            _describe_image(lease, position, shapes[candidate])
            for position, candidate in enumerate(lease.candidate_order, start=1)
        ],
    }


@lru_cache(maxsize=1024)
def guideline_number(guideline_id: int) -> int:
    """Return a guideline version's number, which never changes."""
    return GuidelineVersion.objects.values_list("number", flat=True).get(pk=guideline_id)


def describe_rating(rating: Rating) -> dict[str, Any]:
    """Return what a rating says now, by position on screen, for its author."""
    positions = {pk: str(place) for place, pk in enumerate(rating.candidate_order, start=1)}
    scores: dict[str, dict[str, int | str]] = {}
    rows = Score.objects.filter(revision=rating.current_revision_id).values_list(
        "candidate_id", "dimension__key", "level", "missing_reason"
    )
    for candidate, dimension, level, reason in rows:
        scores.setdefault(positions[candidate], {})[dimension] = reason if level is None else level
    revision = rating.current_revision
    return {
        "clientUuid": str(rating.client_uuid),
        "status": rating.status,
        "openUntil": rating.open_until.isoformat(),
        "scores": scores,
        "aids": revision.aids if revision else {},
        "note": revision.note if revision else "",
        "seconds": revision.seconds if revision else 0,
    }


@lru_cache(maxsize=256)
def describe_rubric(rubric_id: int, guideline_id: int, language: str) -> list[dict[str, Any]]:
    """Return the dimensions in order, worded in a language, levels from best to worst.

    A rubric in use and a guideline version never change, so the answer is kept.
    """
    words = in_language(GuidelineVersion.objects.get(pk=guideline_id).wording, language)
    dimensions = Dimension.objects.filter(rubric=rubric_id).order_by("ordinal")
    described = []
    for dimension in dimensions.prefetch_related("levels", "criteria"):
        said = words.get(dimension.key, {})
        criteria = said.get("criteria", {})
        levels = said.get("levels", {})
        described.append(
            {
                "key": dimension.key,
                "name": said.get("name", dimension.key),
                "summary": said.get("summary", ""),
                "weight": dimension.weight_numerator / dimension.weight_denominator,
                "criteria": [
                    criteria.get(criterion.key, {"name": criterion.key, "description": ""})
                    for criterion in dimension.criteria.all()
                ],
                "levels": [
                    {"value": level.value, "name": str(level.value), "anchor": ""}
                    | levels.get(str(level.value), {})
                    for level in sorted(
                        dimension.levels.all(), key=lambda one: one.value, reverse=True
                    )
                ],
            }
        )
    return described


def image_at(lease: Lease, position: int) -> Image | None:
    """Return the image that a lease shows at a position; None if its item is withdrawn, too."""
    if position == SOURCE:
        items = Item.objects.filter(
            campaign_items=lease.task.campaign_item_id, withdrawn_at__isnull=True
        )
        return Image.objects.filter(items__in=items).first()
    if not 1 <= position <= len(lease.candidate_order):
        return None
    return Image.objects.filter(
        candidates=lease.candidate_order[position - 1],
        candidates__item__withdrawn_at__isnull=True,
    ).first()


def _describe_image(lease: Lease, position: int, shape: list[Any]) -> dict[str, Any]:
    width, height, has_alpha = shape
    return {
        "url": f"/work/{lease.token}/image/{position}",
        "width": width,
        "height": height,
        "alpha": has_alpha,
    }
