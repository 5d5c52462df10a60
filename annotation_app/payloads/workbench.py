"""What an annotator's page may know of the current work: no name or rank of an edit.

Candidates appear only by their position on screen; their ids would distinguish generators.
"""

from datetime import datetime
from functools import lru_cache
from typing import Any, TypedDict

from django.db import connection

from annotation_app.models import GuidelineVersion, Lease, Rating, Score
from annotation_app.selectors.queue.leases import SOURCE
from annotation_app.selectors.rubrics.wording import WordedDimension, describe_rubric

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


class ShownImage(TypedDict):
    """An image as the page shows it; `alpha` where it has transparent pixels."""

    url: str
    width: int
    height: int
    alpha: bool


class Work(TypedDict):
    """A leased item: what the page shows, and the draft that an earlier page kept."""

    token: str
    instruction: str
    language: str
    guideline: int
    rubric: list[WordedDimension]
    seconds_left: int
    draft: dict[str, Any]
    draft_number: int
    source: ShownImage
    candidates: list[ShownImage]


class Receipt(TypedDict):
    """What the server says of a stored rating."""

    client_uuid: str
    status: str
    open_until: str


class OwnRating(Receipt):
    """A rating in the words of its author's page: scores by position on screen and dimension."""

    scores: dict[str, dict[str, int | str]]
    aids: dict[str, Any]
    note: str
    seconds: float


class Reopened(TypedDict):
    """An open rating with its work, to be changed."""

    work: Work
    rating: OwnRating


def describe_work(lease: Lease, *, now: datetime, language: str) -> Work:
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
        "seconds_left": max(0, round((lease.expires_at - now).total_seconds())),
        "draft": lease.draft,
        "draft_number": lease.draft_number,
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


def describe_receipt(rating: Rating) -> Receipt:
    """Return what is certain of a rating once it is stored."""
    return {
        "client_uuid": str(rating.client_uuid),
        "status": rating.status,
        "open_until": rating.open_until.isoformat(),
    }


def describe_rating(rating: Rating) -> OwnRating:
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
        **describe_receipt(rating),
        "scores": scores,
        "aids": revision.aids if revision else {},
        "note": revision.note if revision else "",
        "seconds": revision.seconds if revision else 0,
    }


def _describe_image(lease: Lease, position: int, shape: list[Any]) -> ShownImage:
    width, height, has_alpha = shape
    return {
        "url": f"/work/{lease.token}/image/{position}",
        "width": width,
        "height": height,
        "alpha": has_alpha,
    }
