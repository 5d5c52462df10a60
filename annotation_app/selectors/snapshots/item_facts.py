"""The facts about items that a snapshot keeps, as plain JSON."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from annotation_app.models import CampaignItem, DrawnCandidate

IMAGE_FIELDS = ("pixel_sha256", "file", "width", "height", "file_bytes")
IMAGE_NAMES = ("sha256", "file", "width", "height", "bytes")
ITEM_FIELDS = (
    "external_id",
    "instruction",
    "instruction_language",
    "category",
    "source_dataset",
    "licence",
    "split",
    "metadata",
)


def item_facts(campaign_items: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Facts of campaign items by id: instruction, category, source, images, drawn candidates."""
    candidates = _candidates(campaign_items)
    rows = CampaignItem.objects.filter(pk__in=campaign_items).values_list(
        "pk",
        *(f"item__{name}" for name in ITEM_FIELDS),
        *(f"item__source_image__{name}" for name in IMAGE_FIELDS),
    )
    facts = {}
    for pk, *values in rows:
        own, image = values[: len(ITEM_FIELDS)], values[len(ITEM_FIELDS) :]
        told = dict(zip(ITEM_FIELDS, own, strict=True))
        facts[pk] = {
            "item_id": told.pop("external_id"),
            **told,
            "source_image": dict(zip(IMAGE_NAMES, image, strict=True)),
            "candidates": candidates[pk],
        }
    return facts


def _candidates(campaign_items: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    candidates: dict[int, list[dict[str, Any]]] = defaultdict(list)
    drawn = (
        DrawnCandidate.objects.filter(campaign_item__in=campaign_items)
        .order_by("campaign_item_id", "candidate__external_id")
        .values_list(
            "campaign_item_id",
            "candidate_id",
            "candidate__external_id",
            "candidate__generator__name",
            "candidate__seed",
            "inclusion_probability",
            *(f"candidate__image__{name}" for name in IMAGE_FIELDS),
        )
    )
    for item, pk, name, generator, seed, probability, *image in drawn:
        candidates[item].append(
            {
                "id": pk,
                "candidate_id": name,
                "generator": generator,
                "seed": seed,
                "image": dict(zip(IMAGE_NAMES, image, strict=True)),
                "inclusion_probability": probability,
            }
        )
    return candidates
