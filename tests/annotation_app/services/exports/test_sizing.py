"""What an export will take, counted by hand, and held against what it took."""

import pytest

from annotation_app.models import Image
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.pairing import ScoreBasis
from annotation_app.services.exports.sizing import (
    Amounts,
    campaign_amounts,
    estimate_size,
    snapshot_amounts,
)
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rated():
    """Two of three items rated by two people; every image weighs 1000 bytes."""
    campaign = make_campaign(3, k=4, base=2, overlap=2)
    Image.objects.update(file_bytes=1000)
    for annotator in make_annotators(campaign, 2):
        for _ in range(2):
            rate_by_rule(campaign, annotator, lambda place, key: 1 + place)
    return campaign


def test_amounts_count_each_image_as_often_as_pairs_show_it(rated):
    amounts = campaign_amounts(rated)
    items = amounts.items
    assert items in {2, 3}  # two people may meet on the same items or not
    assert amounts == Amounts(
        items=items,
        candidates=4 * items,
        pairs=6 * items,
        pair_images=6 * 3 * 1000 * items,
        candidate_images=4 * 2 * 1000 * items,
        images=5 * 1000 * items,
        ratings_per_item=4 / items,
    )


def test_a_snapshot_amounts_to_what_the_campaign_did(rated, build):
    before = campaign_amounts(rated)
    version, _ = build(rated)
    assert snapshot_amounts(version.snapshot) == before


def test_the_estimate_bounds_what_is_written(rated, build):
    # real weights: small pictures, so texts matter most
    for image in Image.objects.all():
        Image.objects.filter(pk=image.pk).update(file_bytes=60)
    for images in ImageMode:
        formats = tuple(ExportFormat)
        version, _ = build(rated, formats=formats, images=images)
        options = ExportOptions(formats=formats, images=images)
        foretold = estimate_size(snapshot_amounts(version.snapshot), options).total
        rows = sum(
            facts["bytes"]
            for name, facts in version.manifest["files"].items()
            if name.endswith((".json", ".jsonl", ".csv")) and name != "rubric.json"
        )
        assert 0.2 * foretold < rows < foretold


def test_pairs_per_rater_take_as_much_again_for_each(rated):
    amounts = campaign_amounts(rated)
    embedded = ExportOptions(formats=(ExportFormat.EDIT_REWARD_PARQUET,), images=ImageMode.EMBEDDED)
    per_rater = ExportOptions(
        formats=(ExportFormat.EDIT_REWARD_PARQUET,),
        images=ImageMode.EMBEDDED,
        scores=ScoreBasis.RATER,
    )
    one, all_raters = estimate_size(amounts, embedded), estimate_size(amounts, per_rater)
    assert one.images == amounts.pair_images
    assert all_raters.images == amounts.pair_images * amounts.ratings_per_item


def test_referenced_images_take_nothing(rated):
    options = ExportOptions(images=ImageMode.REFERENCED)
    assert estimate_size(campaign_amounts(rated), options).images == 0


def test_a_withdrawn_item_is_not_counted(rated):
    before = campaign_amounts(rated).items
    item = rated.campaign_items.filter(ratings__isnull=False).first().item
    item.withdrawn_at, item.withdrawal_reason = "2026-11-02T12:00Z", "licence"
    item.save()
    assert campaign_amounts(rated).items == before - 1
