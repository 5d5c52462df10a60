"""Campaigns whose items are fully cross-checked, with pictures of their own: benchmark material."""

from collections.abc import Sequence
from itertools import count
from typing import Any

from annotation_app.enums import BenchmarkStage, BuildState, JudgeKind
from annotation_app.models import (
    Benchmark,
    Campaign,
    Candidate,
    Collection,
    Generator,
    Image,
    Item,
    JointRanking,
    JudgeRun,
    User,
)
from annotation_app.services.benchmarks.judging import record_predictions
from annotation_app.services.benchmarks.plans import BenchmarkChoices
from annotation_app.services.benchmarks.predictions import Predictions
from annotation_app.services.benchmarks.rankings import ask_raters
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from tests.factories.rated import rate_by_rule
from tests.factories.world import GENERATORS, NOON, make_annotators, make_picture

# Levels (IF, VQ) of five candidates by id: overall 8, 6, 5, 5, 2; the fourth ties with the third.
LEVELS = ((4, 4), (3, 3), (3, 2), (2, 3), (1, 1))

_numbers = count(1)


def make_distinct_collection(
    items: int, candidates: int, size: tuple[int, int] = (8, 6)
) -> Collection:
    """Create a collection in which no two pictures are the same."""
    number = next(_numbers)
    collection = Collection.objects.create(name=f"Own {number}", slug=f"own-{number}")
    generators = [Generator.objects.get_or_create(name=name)[0] for name in GENERATORS]
    for i in range(items):
        item = Item.objects.create(
            collection=collection,
            external_id=f"secret-item-{number}-{i:03}",
            instruction=f"Make thing {i} blue.",
            category=("colour", "object")[i % 2],
            source_dataset="hand-made",
            source_image=make_picture((200, number % 256, i), size),
        )
        Candidate.objects.bulk_create(
            Candidate(
                item=item,
                external_id=f"secret-file-{place}",
                generator=generators[place % len(generators)],
                seed=place,
                image=make_picture((place + 1, number % 256, i), size),
            )
            for place in range(candidates)
        )
    return collection


def make_checked_campaign(
    items: int = 8,
    *,
    raters: int = 3,
    levels: Sequence[tuple[int, int]] = LEVELS,
    size: tuple[int, int] = (8, 6),
) -> tuple[Campaign, list[User]]:
    """Create a campaign whose every item `raters` people have rated alike."""
    campaign = create_campaign(
        actor=None,
        name=f"Checked {next(_numbers)}",
        collection=make_distinct_collection(items, len(levels), size),
        design=CampaignDesign(seed=7, candidates_per_item=len(levels), reserved_share=0.0),
    )
    set_overlap_plan(
        actor=None,
        campaign=campaign,
        base_ratings=raters,
        overlap_share=0.0,
        overlap_ratings=raters,
    )
    plan_campaign(campaign=campaign)
    people = make_annotators(campaign, raters)
    for person in people:
        for _ in range(items):
            rate_by_rule(campaign, person, lambda place, key: levels[place][key == "vq"])
    return campaign, people


def make_group(campaign: Campaign, number: int, raters: Sequence[User]) -> dict[str, Any]:
    """A strictly ordered pair of a campaign's first item, as a benchmark's row keeps it."""
    item = campaign.campaign_items.select_related("item__source_image").order_by("pk")[0]
    drawn = list(item.drawn.select_related("candidate__image", "candidate__generator")[:2])
    return {
        "group_id": f"2-{number:016x}",
        "part": "benchmark",
        "item_id": f"item-{number}",
        "campaign_item": item.pk,
        "category": "colour",
        "instruction": item.item.instruction,
        "source_dataset": "hand-made",
        "licence": "",
        "source_image": image_facts(item.item.source_image),
        "raters": [rater.pk for rater in raters],
        "ranks": [number % 2, 1 - number % 2],
        "tie_quality": None,
        "label_source": "scores",
        "candidates": [
            {
                "id": one.candidate_id,
                "candidate_id": f"{one.candidate.external_id}-{place}",
                "generator": one.candidate.generator.name,
                "image": image_facts(one.candidate.image),
                "means": [str(4 - (number + place) % 2), "3"],
                "overall": str(7 - (number + place) % 2),
                "rater_scores": [[4 - (number + place) % 2, 3] for _ in raters],
            }
            for place, one in enumerate(drawn)
        ],
    }


def image_facts(image: Image) -> dict[str, Any]:
    """The facts of an image as snapshots keep them."""
    return {
        "sha256": image.pixel_sha256,
        "file": image.file,
        "width": image.width,
        "height": image.height,
        "bytes": image.file_bytes,
    }


def make_benchmarks(campaign: Campaign, rater: User, folder: str) -> tuple[JudgeRun, JointRanking]:
    """A published benchmark with one judge, and one that waits for a rater's ranking."""
    groups = [make_group(campaign, number, [rater]) for number in range(6)]
    values: dict[str, Any] = {
        "campaign": campaign,
        "seed": 0,
        "state": BuildState.READY,
        "groups": groups,
        "plan": BenchmarkChoices(groups={2: 6}).to_json(),
        "facts": {"items": 9, "eligible": 6, "found": {"2": 6}, "missing": {}, "excluded": {}},
    }
    published = Benchmark.objects.create(
        number=1,
        stage=BenchmarkStage.PUBLISHED,
        published_at=NOON,
        folder=folder,
        manifest={
            "files": {"train.json": {"bytes": 2, "sha256": ""}},
            "floors": {"random_scores": 0.5, "random_labels": 0.25},
            "mean_spread": 1.0,
            "joint_check": {"confirmed": 6, "corrected": 0, "unchecked": 0},
        },
        **values,
    )
    run = record_predictions(
        benchmark=published,
        name="Judge",
        predictions=Predictions(
            JudgeKind.SCORES, {group["group_id"]: [2.0, 1.0] for group in groups}
        ),
        actor=rater,
    )
    waiting = Benchmark.objects.create(number=2, **values)
    ask_raters(benchmark=waiting)
    return run, waiting.joint_rankings.get(group_id=groups[0]["group_id"])
