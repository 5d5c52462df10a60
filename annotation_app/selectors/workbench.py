"""What an annotator's page may know of the work in hand: nothing that names or ranks an edit.

Candidates appear by their position on screen alone; their ids would tell generators apart.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from annotation_app.models import (
    Campaign,
    Candidate,
    Dimension,
    GuidelineVersion,
    Image,
    Lease,
    Rating,
    Score,
    User,
)
from annotation_app.selectors.wording import in_language

SOURCE = 0  # the position of the source image; candidates count from 1
_WITH_WORK = (
    "task__campaign",
    "task__guideline",
    "task__campaign_item__item__source_image",
)


def find_lease(*, annotator: User, token: UUID) -> Lease | None:
    """Return the annotator's own lease of that token, with all that its page shows."""
    leases = Lease.objects.select_related(*_WITH_WORK)
    lease = leases.filter(token=token, annotator=annotator).first()
    if lease is not None:
        lease.annotator = annotator  # known: no reason to fetch it again
    return lease


def open_leases(*, annotator: User, campaign: Campaign) -> QuerySet[Lease]:
    """Return the annotator's open leases in a campaign, the oldest first."""
    return (
        Lease.objects.filter(annotator=annotator, ended_at=None, task__campaign=campaign)
        .select_related(*_WITH_WORK)
        .order_by("leased_at", "pk")
    )


def describe_work(lease: Lease, *, now: datetime, language: str) -> dict[str, Any]:
    """Return a lease as the page reads it: instruction, rubric, images by position, draft."""
    task = lease.task
    item = task.campaign_item.item
    images = images_by_candidate(lease.candidate_order)
    return {
        "token": str(lease.token),
        "instruction": item.instruction,
        "language": item.instruction_language,
        "guideline": task.guideline.number,
        "rubric": describe_rubric(task.rubric_id, task.guideline_id, language),
        "secondsLeft": max(0, round((lease.expires_at - now).total_seconds())),
        "draft": lease.draft,
        "draftNumber": lease.draft_number,
        "source": _describe_image(lease, SOURCE, item.source_image),
        "candidates": [
            _describe_image(lease, position, images[candidate])
            for position, candidate in enumerate(lease.candidate_order, start=1)
        ],
    }


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


def images_by_candidate(candidate_ids: list[int]) -> dict[int, Image]:
    """Return the images of candidates by candidate id."""
    candidates = Candidate.objects.filter(pk__in=candidate_ids).select_related("image")
    return {candidate.pk: candidate.image for candidate in candidates}


def image_at(lease: Lease, position: int) -> Image | None:
    """Return the image that a lease shows at a position; None if there is none."""
    if position == SOURCE:
        return lease.task.campaign_item.item.source_image
    if not 1 <= position <= len(lease.candidate_order):
        return None
    return Image.objects.filter(candidates=lease.candidate_order[position - 1]).first()


def _describe_image(lease: Lease, position: int, image: Image) -> dict[str, Any]:
    return {
        "url": reverse("work-image", args=[lease.token, position]),
        "width": image.width,
        "height": image.height,
        "alpha": image.has_alpha,
    }
