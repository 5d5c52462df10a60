"""Recording the split of items at their first release."""

from collections import defaultdict

from django.db.models import Q

from analytics.sampling import derive_seed
from annotation_app.enums import Split
from annotation_app.models import Campaign, Candidate, Item

SHARES = ((Split.TEST, 0.1), (Split.VALIDATION, 0.1))


def record_splits(*, campaign: Campaign, seed: int) -> int:
    """Give every item of the campaign without a split the split of its component.

    Items are connected when they share an image by its pixels. A component's split is drawn by
    its smallest image hash and the seed; a newcomer joins the split that its component already
    has, and one that bridges two splits is quarantined.

    Returns:
        How many items received a split.
    """
    images = _images_by_item(campaign)
    known = dict(Item.objects.filter(pk__in=images).exclude(split="").values_list("pk", "split"))
    fresh: dict[str, list[int]] = defaultdict(list)
    for component in _components(images):
        new = [item for item in component if item not in known]
        if not new:
            continue
        earlier = {known[item] for item in component if item in known} - {Split.QUARANTINE}
        if len(earlier) > 1:
            split: str = Split.QUARANTINE
        else:
            split = earlier.pop() if earlier else _draw_split(_name(component, images), seed)
        fresh[split] += new
    for split, items in fresh.items():
        Item.objects.filter(pk__in=items).update(split=split)
    return sum(map(len, fresh.values()))


def _images_by_item(campaign: Campaign) -> dict[int, set[str]]:
    images: dict[int, set[str]] = defaultdict(set)
    items = Item.objects.filter(Q(campaign_items__campaign=campaign) | ~Q(split=""))
    items = items.filter(collection=campaign.collection).distinct()
    for item, sha in items.values_list("pk", "source_image__pixel_sha256"):
        images[item].add(sha)
    rows = Candidate.objects.filter(item__in=items).values_list("item", "image__pixel_sha256")
    for item, sha in rows.iterator(chunk_size=5000):
        images[item].add(sha)
    return images


def _components(images: dict[int, set[str]]) -> list[list[int]]:
    """Connected components of items that share an image, by union and find."""
    parent = {item: item for item in images}

    def find(item: int) -> int:
        while parent[item] != item:
            parent[item] = parent[parent[item]]
            item = parent[item]
        return item

    first_with: dict[str, int] = {}
    for item, hashes in images.items():
        for sha in hashes:
            other = first_with.setdefault(sha, item)
            parent[find(item)] = find(other)
    groups: dict[int, list[int]] = defaultdict(list)
    for item in images:
        groups[find(item)].append(item)
    return list(groups.values())


def _name(component: list[int], images: dict[int, set[str]]) -> str:
    return min(sha for item in component for sha in images[item])


def _draw_split(name: str, seed: int) -> Split:
    share = derive_seed("split", seed, name) / (1 << 256)
    for split, size in SHARES:
        if share < size:
            return split
        share -= size
    return Split.TRAIN
