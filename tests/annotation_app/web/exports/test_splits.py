"""The report on splits and leaks, as a page and as JSON."""

import pytest
from django.urls import reverse

from annotation_app.enums import Split
from annotation_app.models import Image, Item

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def version(build):
    """Two items of different splits with almost the same source image and the same instruction."""
    one, two, _ = Item.objects.order_by("pk")
    for item, split in ((one, Split.TRAIN), (two, Split.TEST)):
        Item.objects.filter(pk=item.pk).update(split=split, instruction="Make the <b>sky</b> red!")
    Image.objects.filter(pk=one.source_image_id).update(perceptual_hash=0b1111)
    Image.objects.filter(pk=two.source_image_id).update(perceptual_hash=0b1100)
    return build()


def where(version):
    return reverse("dataset-splits", args=[version.campaign.slug, version.number])


def test_near_images_and_equal_instructions_across_splits_are_named(signed, version):
    one, two = (item.external_id for item in Item.objects.order_by("pk")[:2])
    leaks = signed.get(where(version), {"format": "json"}).json()["splits"]["leaks"]
    [near] = leaks["images"]["listed"]
    assert (sorted(near["items"]), near["bits"]) == ([one, two], 2)
    [shared] = leaks["instructions"]["listed"]
    assert shared["items_by_split"] == {"train": [one], "test": [two]}
    page = signed.get(where(version)).content.decode()
    assert "Near source images across splits" in page
    assert one in page
    assert "make the &lt;b&gt;sky" in page
    assert "<b>sky" not in page


def test_ties_of_pictures_that_were_released_apart_are_told_and_not_mended(signed, version):
    # the world's items show the same edits: released in two splits, their pixels are a leak
    report = signed.get(where(version), {"format": "json"}).json()["splits"]
    assert report["recorded_leaks"]["count"] > 0
    assert {item.split for item in Item.objects.order_by("pk")[:2]} == {"train", "test"}
    page = signed.get(where(version)).content.decode()
    assert "were released in different splits" in page
