"""Estimates an export's size before it starts, and whether the disk has room for it."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, Snapshot
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.pairing import ScoreBasis

OF_SNAPSHOT = """
SELECT campaign_item_id AS id FROM annotation_app_snapshotitem WHERE snapshot_id = %(of)s
"""
OF_CAMPAIGN = """
SELECT ci.id FROM annotation_app_campaignitem ci
JOIN annotation_app_item item ON item.id = ci.item_id AND item.withdrawn_at IS NULL
WHERE ci.campaign_id = %(of)s AND EXISTS (
    SELECT 1 FROM annotation_app_rating rating
    WHERE rating.campaign_item_id = ci.id AND rating.status = %(active)s
      AND rating.purpose = ANY(%(purposes)s))
"""
# An item's source image is in each of its pairs, a candidate in k - 1 of them.
SUMS = """
WITH chosen AS ({chosen}), item AS (
    SELECT count(*) AS k, sum(image.file_bytes) AS edits, max(source.file_bytes) AS source
    FROM chosen
    JOIN annotation_app_campaignitem ci ON ci.id = chosen.id
    JOIN annotation_app_item item ON item.id = ci.item_id
    JOIN annotation_app_image source ON source.id = item.source_image_id
    JOIN annotation_app_drawncandidate drawn ON drawn.campaign_item_id = ci.id
    JOIN annotation_app_candidate candidate ON candidate.id = drawn.candidate_id
    JOIN annotation_app_image image ON image.id = candidate.image_id
    GROUP BY ci.id
)
SELECT count(*), coalesce(sum(k), 0), coalesce(sum(k * (k - 1) / 2), 0),
       coalesce(sum(k * (k - 1) / 2 * source + (k - 1) * edits), 0),
       coalesce(sum(k * source + edits), 0), coalesce(sum(source + edits), 0)
FROM item
"""
# Bytes of text in a row, measured; Parquet's texts repeat and shrink to little.
JSON_ROW, PAIR_ROW, GROUP_PAIR, TRL_ROW, TABLE_ROW = 700, 60, 130, 1100, 900
# A tie gives TRL two rows; one pair in ten is one.
TRL_SHARE = 1.2
SLACK = 64 << 20  # bytes that stay free on the disk


@dataclass(frozen=True, slots=True)
class Amounts:
    """What there is to export: counts, and bytes of images.

    Attributes:
        items: rated.
        candidates: of them.
        pairs: of candidates, k(k-1)/2 per item.
        pair_images: bytes if every pair has its three images.
        candidate_images: bytes if every candidate has its image and the source.
        images: bytes of all images once.
        ratings_per_item: on average.
    """

    items: int
    candidates: int
    pairs: int
    pair_images: int
    candidate_images: int
    images: int
    ratings_per_item: float


@dataclass(frozen=True, slots=True)
class SizeEstimate:
    """Bytes that an export will take, images and texts apart, at most, and bytes free for it."""

    images: int
    texts: int
    free: int

    @property
    def total(self) -> int:
        return self.images + self.texts

    @property
    def fits(self) -> bool:
        return self.total + SLACK <= self.free


def snapshot_amounts(snapshot: Snapshot) -> Amounts:
    """The amounts in a snapshot."""
    per_item = snapshot.rating_count / max(1, snapshot.item_count)
    return _amounts(_sums(OF_SNAPSHOT, {"of": snapshot.pk}), per_item)


def campaign_amounts(campaign: Campaign) -> Amounts:
    """What a snapshot of a campaign would hold now."""
    values = {
        "of": campaign.pk,
        "active": RatingStatus.ACTIVE.value,
        "purposes": [purpose.value for purpose in DATA_PURPOSES],
    }
    ratings = campaign.ratings.filter(status=RatingStatus.ACTIVE, purpose__in=DATA_PURPOSES)
    sums = _sums(OF_CAMPAIGN, values)
    return _amounts(sums, ratings.count() / max(1, sums[0]))


def estimate_size(amounts: Amounts, options: ExportOptions) -> SizeEstimate:
    """How many bytes the export will take if every pair gives a row."""
    views = amounts.ratings_per_item if options.scores is ScoreBasis.RATER else 1.0
    pairs = amounts.pairs * views
    embedded = {
        ExportFormat.EDIT_REWARD_PARQUET: amounts.pair_images * views,
        ExportFormat.TRL: amounts.pair_images * views * TRL_SHARE,
        ExportFormat.POINTWISE: float(amounts.candidate_images),
    }
    texts = {
        ExportFormat.EDIT_REWARD_JSON: pairs * JSON_ROW,
        ExportFormat.EDIT_REWARD_PARQUET: pairs * PAIR_ROW,
        ExportFormat.TRAINING: pairs * GROUP_PAIR + amounts.candidates * TABLE_ROW,
        ExportFormat.TRL: pairs * TRL_SHARE * TRL_ROW,
        ExportFormat.POINTWISE: 2.0 * amounts.candidates * TABLE_ROW,
        ExportFormat.RATINGS: 4.0 * amounts.candidates * amounts.ratings_per_item * TABLE_ROW,
    }
    images = 0.0
    if options.images is ImageMode.EMBEDDED:
        images += sum(embedded.get(name, 0.0) for name in options.formats)
    if options.images is not ImageMode.REFERENCED and not _links():
        images += amounts.images
    # parts and the files joined from them coexist for a moment
    written = 2 * sum(texts[name] for name in options.formats)
    return SizeEstimate(int(images), int(written), free_bytes())


def check_room(estimate: SizeEstimate) -> None:
    """See that the export fits on its disk.

    Raises:
        InvalidInputError: if it does not.
    """
    if not estimate.fits:
        raise InvalidInputError(
            _(
                "This export takes about %(needed)s, but only %(free)s is free where "
                "exports are stored. Choose referenced images or fewer formats, or "
                "free some space; then try again."
            )
            % {"needed": filesizeformat(estimate.total), "free": filesizeformat(estimate.free)}
        )


def free_bytes() -> int:
    """Bytes free on the disk of the exports."""
    return shutil.disk_usage(_existing(Path(settings.EXPORT_ROOT))).free


def _links() -> bool:
    """Whether a copied image is a hard link: storage and exports lie on one disk."""
    if not isinstance(default_storage, FileSystemStorage):
        return False
    stored, exports = Path(default_storage.location), Path(settings.EXPORT_ROOT)
    return _existing(stored).stat().st_dev == _existing(exports).stat().st_dev


def _existing(folder: Path) -> Path:
    """A folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.absolute().parents) if path.exists())


def _amounts(sums: tuple[int, ...], ratings_per_item: float) -> Amounts:
    items, candidates, pairs, pair_images, candidate_images, images = sums
    return Amounts(
        items, candidates, pairs, pair_images, candidate_images, images, ratings_per_item
    )


def _sums(chosen: str, values: dict[str, Any]) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(SUMS.format(chosen=chosen), values)
        return tuple(int(value) for value in cursor.fetchone() or (0,) * 6)
