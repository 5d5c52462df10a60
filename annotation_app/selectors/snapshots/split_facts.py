"""What decides about an item's split: the keys that tie it to others, and its near likenesses."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from analytics.splits.records import exact_keys, pixel_key
from annotation_app.models import Candidate, Collection, Image, Item

UNSIGNED = (1 << 64) - 1
ROWS_AT_ONCE = 5000


@dataclass(frozen=True)
class SplitFacts:
    """An item's row, recorded split, exact keys, and what near matches are looked for by."""

    pk: int
    split: str
    component: str
    keys: frozenset[str]
    instruction: str
    source_sha: str
    source_hash: int


def split_facts(items: "QuerySet[Item]") -> dict[str, SplitFacts]:
    """Facts of items by their own id, streamed."""
    pixels: dict[int, set[str]] = defaultdict(set)
    drawn = Candidate.objects.filter(item__in=items).values_list("item", "image__pixel_sha256")
    for item, sha in drawn.iterator(chunk_size=ROWS_AT_ONCE):
        pixels[item].add(sha)
    rows = items.order_by("external_id").values_list(
        "pk",
        "external_id",
        "split",
        "split_component",
        "instruction",
        "source_image__pixel_sha256",
        "source_image__perceptual_hash",
        "source_dataset",
        "metadata",
    )
    facts = {}
    for pk, name, split, component, text, sha, near, dataset, metadata in rows.iterator(
        chunk_size=ROWS_AT_ONCE
    ):
        keys = exact_keys({*pixels[pk], sha}, _source_id(dataset, metadata))
        facts[name] = SplitFacts(pk, split, component, keys, text, sha, near & UNSIGNED)
    return facts


def external_keys(collection: Collection) -> frozenset[str]:
    """Keys of all images in a collection's external sets, listed by pixels or by file."""
    listed = {
        sha
        for hashes in collection.external_sets.values_list("hashes", flat=True)
        for sha in hashes
    }
    by_file = Image.objects.filter(originals__file_sha256__in=listed).values_list(
        "pixel_sha256", flat=True
    )
    return frozenset(pixel_key(sha) for sha in listed.union(by_file))


def _source_id(dataset: str, metadata: dict[str, Any]) -> str | None:
    """The import's own name of the source picture, within its source dataset."""
    source = metadata.get("source_id")
    return None if source in (None, "") else f"{dataset}:{source}"
