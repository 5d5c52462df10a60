"""Storing ratings: idempotent submits, one counted rating per slot, no rating lost.

A submit locks its own campaign item row and updates no row shared across items: only its own task
and lease. What other pages count is inserted as a `CampaignItemChange` and folded later.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from annotation_app.enums import INDEPENDENT_PURPOSES, RatingStatus
from annotation_app.exceptions import ConflictError
from annotation_app.models import Lease, Rating
from annotation_app.selectors.rows import columns, read_rows
from annotation_app.selectors.rubrics.shapes import rubric_shape
from annotation_app.services.rating.judgements import Judgement, check_judgement
from annotation_app.services.rating.statements import fill_slot, lock_item, store_rating

# What the annotator has rated of this item, and what the client UUID names.
RATINGS_MET = f"""
SELECT {columns(Rating)} FROM annotation_app_rating WHERE client_uuid = %s
UNION
SELECT {columns(Rating)} FROM annotation_app_rating
WHERE annotator_id = %s AND campaign_item_id = %s AND status <> 'released'
ORDER BY id
"""  # noqa: S608 - columns of a model
ALREADY_RATED = gettext_noop(
    "You have already submitted this item, perhaps in another window. That result is "
    "kept; open it from your history to change it."
)


@dataclass(frozen=True, slots=True)
class SubmitResult:
    """What became of a submit.

    Attributes:
        rating: the stored rating; its status says whether it counts or is superseded.
        is_repeat: the same submit had been stored before, and this is that result.
    """

    rating: Rating
    is_repeat: bool


def submit_rating(*, lease: Lease, judgement: Judgement, now: datetime) -> SubmitResult:
    """Store a judgement of a leased task, once.

    An expired, skipped or released lease still submits: the rating fills the slot if it is open,
    else it is kept as superseded. The same client UUID returns the stored result again.

    Args:
        lease: the annotator's lease of the task, open or ended.
        judgement: every shown candidate on every dimension.
        now: the time of the submit.

    Raises:
        InvalidInputError: if the judgement breaks the rubric; it is not stored.
        ConflictError: if this annotator rated the task before with another client UUID, or the
            client UUID belongs to something else.
    """
    task = lease.task
    with transaction.atomic():
        lock_item(task.campaign_item_id)
        met = _ratings_met(lease, judgement)
        stored = _find_stored(met, lease, judgement)
        if stored is not None:
            return SubmitResult(stored, is_repeat=True)
        check_judgement(
            judgement,
            shape=rubric_shape(task.rubric_id),
            candidate_ids=lease.candidate_order,
        )
        counts = not _is_counted_elsewhere(met, lease) and fill_slot(task.pk)
        rating = store_rating(lease, judgement, now=now, counts=counts)
    return SubmitResult(rating, is_repeat=False)


def _ratings_met(lease: Lease, judgement: Judgement) -> list[Rating]:
    task = lease.task
    values = [judgement.client_uuid, lease.annotator_id, task.campaign_item_id]
    return read_rows(Rating, RATINGS_MET, values)


def _find_stored(met: list[Rating], lease: Lease, judgement: Judgement) -> Rating | None:
    """Return what the same submit stored before.

    Raises:
        ConflictError: if the task or the UUID is taken by another submit.
    """
    for rating in met:
        if rating.client_uuid == judgement.client_uuid:
            if (rating.task_id, rating.annotator_id) != (lease.task_id, lease.annotator_id):
                raise ConflictError(
                    _("This client UUID belongs to another submission: create a new one.")
                )
            return rating
    for rating in met:
        if rating.task_id == lease.task_id:
            raise ConflictError(
                _(ALREADY_RATED), client_uuid=str(rating.client_uuid), status=rating.status
            )
    return None


def _is_counted_elsewhere(met: list[Rating], lease: Lease) -> bool:
    """Whether another slot of the item counts the same annotator already."""
    return lease.task.purpose in INDEPENDENT_PURPOSES and any(
        rating.status == RatingStatus.ACTIVE and rating.independent for rating in met
    )
