"""A campaign whose overall has many levels, as rubrics of ten levels with unlike weights have."""

from itertools import count

from annotation_app.models import Campaign, GuidelineVersion, Rubric
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.rubrics.rubrics import create_rubric
from tests.factories.world import make_collection

WEIGHTS = {"if": 5, "vq": 3, "id": 2}
LEVELS = list(range(1, 11))

_numbers = count(1)


def make_long_rubric() -> Rubric:
    """Three dimensions of ten levels weighing 5, 3 and 2 tenths: 89 levels of the overall.

    5 i + 3 j + 2 k with i, j and k from 0 to 9 misses only 1 and 89 of 0 … 90.
    """
    number = next(_numbers)
    rubric = create_rubric(
        slug=f"long-{number}",
        name=f"Ten levels {number}",
        dimensions=[
            {"key": key, "weight": [weight, 10], "levels": LEVELS}
            for key, weight in WEIGHTS.items()
        ],
    )
    levels = {str(level): {"name": str(level), "anchor": ""} for level in LEVELS}
    wording = {"en": {key: {"name": key, "levels": levels} for key in WEIGHTS}}
    GuidelineVersion.objects.create(
        rubric=rubric, number=1, document={"en": "Judge."}, wording=wording
    )
    return rubric


def make_long_campaign(items: int, *, k: int, base: int = 1) -> Campaign:
    """Create and plan a campaign with such a rubric."""
    campaign = create_campaign(
        actor=None,
        name=f"Long {next(_numbers)}",
        collection=make_collection(items),
        design=CampaignDesign(
            seed=42, candidates_per_item=k, reserved_share=0.0, rubric=make_long_rubric()
        ),
    )
    set_overlap_plan(
        actor=None, campaign=campaign, base_ratings=base, overlap_share=0.0, overlap_ratings=base
    )
    plan_campaign(campaign=campaign)
    return campaign
