"""People rate under whatever rubric a campaign has."""

from collections.abc import Callable
from datetime import datetime
from uuid import uuid4

from annotation_app.models import Campaign, Lease, Rating, User
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.rating.judgements import Judgement, ScoreInput
from annotation_app.services.rating.submission import submit_rating

Rule = Callable[[int, str], int]
"""The level for a candidate's place by id and a dimension's key."""


def judge(lease: Lease, rule: Rule, note: str = "") -> Judgement:
    """A whole judgement of a lease by a rule."""
    keys = lease.task.rubric.dimensions.values_list("key", flat=True)
    return Judgement(
        client_uuid=uuid4(),
        scores=[
            ScoreInput(candidate_id=candidate, dimension=key, level=rule(place, key))
            for place, candidate in enumerate(sorted(lease.candidate_order))
            for key in keys
        ],
        seconds=38.5,
        aids={"1": {"zoom": 3}},
        note=note,
    )


def rate(lease: Lease, rule: Rule, now: datetime, note: str = "") -> Rating:
    """Submit a lease."""
    return submit_rating(lease=lease, judgement=judge(lease, rule, note), now=now).rating


def rate_next(
    campaign: Campaign, person: User, rule: Rule, now: datetime, note: str = ""
) -> Rating:
    """Lease the next task and submit it."""
    lease = lease_next_task(annotator=person, campaign=campaign, now=now)
    return rate(lease, rule, now, note)
