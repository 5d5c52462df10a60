"""What a version built now would contain, shown on the page before it is requested."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection

from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.exceptions import AnnotationError
from annotation_app.models import Campaign
from annotation_app.services.exports.guards.images import MissingImage, missing_images
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.exports.sizing import (
    Amounts,
    SizeEstimate,
    campaign_amounts,
    estimate_size,
)
from annotation_app.services.snapshots.raters import selected_raters

NAMED = 20
CHOSEN = """
WITH chosen AS (
    SELECT ci.id, item.external_id, item.source_image_id, item.instruction
    FROM annotation_app_campaignitem ci
    JOIN annotation_app_item item ON item.id = ci.item_id AND item.withdrawn_at IS NULL
    WHERE ci.campaign_id = %(campaign)s AND EXISTS (
        SELECT 1 FROM annotation_app_rating rating
        WHERE rating.campaign_item_id = ci.id AND rating.status = %(active)s
          AND rating.purpose = ANY(%(purposes)s))
), shown AS (
    SELECT chosen.id, chosen.external_id, candidate.external_id AS candidate, candidate.image_id
    FROM chosen
    JOIN annotation_app_drawncandidate drawn ON drawn.campaign_item_id = chosen.id
    JOIN annotation_app_candidate candidate ON candidate.id = drawn.candidate_id
)
"""
IDENTICAL = f"""{CHOSEN}
SELECT external_id, array_agg(candidate ORDER BY candidate) FROM shown
GROUP BY id, external_id, image_id HAVING count(*) > 1 ORDER BY external_id
"""  # noqa: S608 - constants of this module
SHARED = f"""{CHOSEN}
SELECT array_agg(external_id ORDER BY external_id) FROM chosen
GROUP BY source_image_id, lower(instruction) HAVING count(*) > 1
"""  # noqa: S608 - constants of this module
FILES = f"""{CHOSEN}
SELECT DISTINCT ON (file) external_id, field, file FROM (
    SELECT chosen.external_id, 'source_image' AS field, image.file
    FROM chosen JOIN annotation_app_image image ON image.id = chosen.source_image_id
    UNION ALL
    SELECT shown.external_id, 'candidate ' || shown.candidate, image.file
    FROM shown JOIN annotation_app_image image ON image.id = shown.image_id
) AS every ORDER BY file, external_id, field
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True)
class Preview:
    """How much there is, how large it gets, and what the guards find.

    Attributes:
        amounts: items, candidates and pairs that would go in.
        size: bytes, at most.
        raters: who counts and what speaks against some; empty if they are refused.
        refused: why no version can be built with these choices; empty if one can.
        identical: items with candidates of equal pixels: (item id, candidate ids).
        shared_tasks: groups of items with the same source picture and instruction.
        missing: images without a file; None if the storage is elsewhere and the job looks.
    """

    amounts: Amounts
    size: SizeEstimate
    raters: dict[str, Any] = field(default_factory=dict)
    refused: str = ""
    identical: list[tuple[str, list[str]]] = field(default_factory=list)
    shared_tasks: list[list[str]] = field(default_factory=list)
    missing: list[MissingImage] | None = None

    @property
    def named(self) -> int:
        """How many of each kind a page names."""
        return NAMED


def preview_version(*, campaign: Campaign, options: ExportOptions) -> Preview:
    """Examine the campaign's current data; no data is written."""
    amounts = campaign_amounts(campaign)
    size = estimate_size(amounts, options)
    refused, raters = "", {}
    try:
        choices = options.snapshot_choices(campaign.seed).raters
        raters = selected_raters(campaign=campaign, choices=choices).report
    except AnnotationError as error:
        refused = error.message
    values = {
        "campaign": campaign.pk,
        "active": RatingStatus.ACTIVE.value,
        "purposes": [purpose.value for purpose in DATA_PURPOSES],
    }
    is_local = isinstance(default_storage, FileSystemStorage)
    return Preview(
        amounts=amounts,
        size=size,
        raters=raters,
        refused=refused,
        identical=[(item, names) for item, names in _rows(IDENTICAL, values)],
        shared_tasks=[items for (items,) in _rows(SHARED, values)],
        missing=(
            missing_images(MissingImage(*row) for row in _rows(FILES, values)) if is_local else None
        ),
    )


def _rows(statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
