"""The facts about items that a snapshot keeps, as plain JSON."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from annotation_app.models import CampaignItem, DrawnCandidate, Image


def item_facts(campaign_items: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Facts of campaign items by id: instruction, category, source, images, drawn candidates."""
    candidates: dict[int, list[dict[str, Any]]] = defaultdict(list)
    drawn = (
        DrawnCandidate.objects.filter(campaign_item__in=campaign_items)
        .select_related("candidate__generator", "candidate__image")
        .order_by("campaign_item_id", "candidate__external_id")
    )
    for row in drawn:
        candidate = row.candidate
        candidates[row.campaign_item_id].append(
            {
                "id": candidate.pk,
                "candidate_id": candidate.external_id,
                "generator": candidate.generator.name,
                "seed": candidate.seed,
                "image": _image_facts(candidate.image),
                "inclusion_probability": row.inclusion_probability,
            }
        )
    rows = CampaignItem.objects.filter(pk__in=campaign_items).select_related("item__source_image")
    return {row.pk: _facts(row, candidates[row.pk]) for row in rows}


def _facts(row: CampaignItem, candidates: list[dict[str, Any]]) -> dict[str, Any]:
    item = row.item
    return {
        "item_id": item.external_id,
        "instruction": item.instruction,
        "instruction_language": item.instruction_language,
        "category": item.category,
        "source_dataset": item.source_dataset,
        "licence": item.licence,
        "split": item.split,
        "source_image": _image_facts(item.source_image),
        "candidates": candidates,
        "metadata": item.metadata,
    }


def _image_facts(image: Image) -> dict[str, Any]:
    return {
        "sha256": image.pixel_sha256,
        "file": image.file,
        "width": image.width,
        "height": image.height,
        "bytes": image.file_bytes,
    }
