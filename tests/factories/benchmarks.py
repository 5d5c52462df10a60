"""Campaigns whose items are fully cross-checked, with pictures of their own: benchmark material."""

from collections.abc import Sequence
from itertools import count

from annotation_app.models import Campaign, Candidate, Collection, Generator, Item, User
from annotation_app.services.campaigns import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.planning import plan_campaign
from tests.factories.rated import rate_by_rule
from tests.factories.world import GENERATORS, make_annotators, make_picture

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
