"""Drawn candidates of a campaign with their images, for scoring."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from annotation_app.enums import Lane, TaskState
from annotation_app.models import Campaign, CampaignItem, DrawnCandidate, Task

ITEMS_AT_ONCE = 100


@dataclass(frozen=True)
class CandidateFile:
    """A candidate and the storage name of its image."""

    candidate_id: int
    file: str


@dataclass(frozen=True)
class ItemFiles:
    """A campaign item with everything a model needs to see."""

    campaign_item_id: int
    instruction: str
    source_file: str
    candidates: tuple[CandidateFile, ...]


def open_item_ids(campaign: Campaign) -> list[int]:
    """Campaign items with at least one open slot that a model may order."""
    tasks = Task.objects.filter(campaign=campaign, state=TaskState.OPEN, lane=Lane.RANKED)
    return list(tasks.order_by("campaign_item").values_list("campaign_item", flat=True).distinct())


def item_files(campaign: Campaign) -> Iterator[list[ItemFiles]]:
    """All items of a campaign that are not withdrawn, in batches, by ascending id."""
    after = 0
    while True:
        rows = list(
            CampaignItem.objects.filter(
                campaign=campaign, pk__gt=after, item__withdrawn_at__isnull=True
            )
            .select_related("item__source_image")
            .order_by("pk")[:ITEMS_AT_ONCE]
        )
        if not rows:
            return
        drawn: dict[int, list[CandidateFile]] = defaultdict(list)
        candidates = DrawnCandidate.objects.filter(campaign_item__in=rows).order_by(
            "campaign_item_id", "ordinal"
        )
        for item, candidate, file in candidates.values_list(
            "campaign_item_id", "candidate_id", "candidate__image__file"
        ):
            drawn[item].append(CandidateFile(candidate, file))
        yield [
            ItemFiles(
                row.pk, row.item.instruction, row.item.source_image.file, tuple(drawn[row.pk])
            )
            for row in rows
        ]
        after = rows[-1].pk
