"""Campaigns in which somebody has rated already."""

from collections.abc import Callable, Sequence
from datetime import datetime

from annotation_app.models import Campaign, Rating, User
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.rating.judgements import ScoreInput
from annotation_app.services.rating.submission import submit_rating
from tests.factories.world import NOON, make_judgement

Rule = Callable[[int, str], int]


def rate_next(
    campaign: Campaign, annotator: User, levels: Sequence[int] = (3, 2), now: datetime = NOON
) -> Rating:
    """Let an annotator rate the next item, all candidates alike."""
    lease = lease_next_task(annotator=annotator, campaign=campaign, now=now)
    return submit_rating(lease=lease, judgement=make_judgement(lease, levels), now=now).rating


def rate_by_rule(campaign: Campaign, annotator: User, rule: Rule, now: datetime = NOON) -> Rating:
    """Let an annotator rate the next item; `rule` gives the level for (place by id, dimension)."""
    lease = lease_next_task(annotator=annotator, campaign=campaign, now=now)
    places = {candidate: place for place, candidate in enumerate(sorted(lease.candidate_order))}
    scores = [
        ScoreInput(candidate_id=candidate, dimension=key, level=rule(places[candidate], key))
        for candidate in lease.candidate_order
        for key in campaign.rubric.dimensions.values_list("key", flat=True)
    ]
    judgement = make_judgement(lease, scores=scores)
    return submit_rating(lease=lease, judgement=judgement, now=now).rating
