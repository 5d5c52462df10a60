"""Gold banks with a plain answer, and people who know or miss it."""

import random
from collections.abc import Sequence
from datetime import datetime

from annotation_app.models import Campaign, DrawnCandidate, GoldItem, Lease, Rating, User
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.quality.bank import GoldContent, save_gold_item
from annotation_app.services.rating.judgements import ScoreInput
from annotation_app.services.rating.submission import submit_rating
from tests.factories.world import NOON, make_judgement

RIGHT = (4, 1, 3, 2, 4, 1, 3)  # the level of the first, second, … candidate by id


def seeded(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - a draw, no secret


def right_level(place: int) -> int:
    return RIGHT[place % len(RIGHT)]


def make_gold(campaign: Campaign, number: int, *, tolerance: int = 1) -> list[GoldItem]:
    """Put the last `number` items of a campaign into its bank."""
    items = campaign.campaign_items.order_by("-pk")[:number]
    return [
        save_gold_item(
            actor=None,
            campaign_item=item,
            content=GoldContent(
                reference=reference_of(item.pk),
                tolerance=tolerance,
                explanations={"if": {"": "The colour is right."}},
            ),
        )
        for item in reversed(items)
    ]


def reference_of(campaign_item: int) -> dict[tuple[int, str], int]:
    drawn = DrawnCandidate.objects.filter(campaign_item=campaign_item)
    candidates = sorted(drawn.values_list("candidate", flat=True))
    return {
        (candidate, key): right_level(place)
        for place, candidate in enumerate(candidates)
        for key in ("if", "vq")
    }


def answer(lease: Lease, *, knows: bool = True, now: datetime = NOON) -> Rating:
    """Submit the right levels of a lease, or the very opposite."""
    places = {candidate: place for place, candidate in enumerate(sorted(lease.candidate_order))}
    scores = [
        ScoreInput(
            candidate_id=candidate,
            dimension=key,
            level=right_level(place) if knows else 5 - right_level(place),
        )
        for candidate, place in places.items()
        for key in ("if", "vq")
    ]
    judgement = make_judgement(lease, scores=scores)
    return submit_rating(lease=lease, judgement=judgement, now=now).rating


def answer_next(
    campaign: Campaign,
    annotator: User,
    *,
    knows: bool = True,
    now: datetime = NOON,
    draws: Sequence[float] = (1.0,),
) -> Rating:
    """Rate the next task; `draws` decide whether a hidden check comes."""
    lease = lease_next_task(
        annotator=annotator, campaign=campaign, now=now, chance=iter(draws).__next__
    )
    return answer(lease, knows=knows, now=now)
