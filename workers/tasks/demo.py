"""Simulated annotators rate a campaign, through the same services as people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from annotation_app.enums import MissingReason, RatingStatus, TaskState
from annotation_app.exceptions import InvalidInputError, NothingToDoError
from annotation_app.models import Campaign, Candidate, Job, Lease, Task, User
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.jobs.reporting import JobReporter
from annotation_app.services.rating.judgements import Judgement, ScoreInput
from annotation_app.services.rating.submission import submit_rating
from simulation.annotators.annotator import Annotator
from simulation.annotators.rosters import Plant, build_roster
from simulation.seeding import stream
from simulation.world import World

DAYS = 10  # over which the simulated work is spread, ending an hour ago
UUID_BYTES = 16


@dataclass(frozen=True)
class _Rater:
    """A simulated annotator and the account it works with."""

    annotator: Annotator
    user: User


def simulate_ratings(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Fill a share of a simulated campaign's slots; a second run continues with the rest."""
    campaign = job.campaign
    if campaign is None or not campaign.collection.is_simulated:
        raise InvalidInputError("Only a simulated campaign can have simulated ratings.")
    world = World(**job.arguments["world"])
    roster = build_roster(
        job.arguments["roster"]["seed"], job.arguments["roster"]["size"], Plant(spammers=1)
    )
    users = {user.username: user for user in User.objects.filter(is_simulated=True)}
    raters = [_Rater(one, users[one.name]) for one in roster]
    slots = Task.objects.filter(campaign=campaign).count()
    goal = round(slots * job.arguments["share"])
    done = Task.objects.filter(campaign=campaign, state=TaskState.FILLED).count()
    start = timezone.now() - timedelta(days=DAYS)
    pace = timedelta(days=DAYS, hours=-1) / max(goal, 1)
    resting: set[str] = set()
    while done < goal and len(resting) < len(raters):
        rater = raters[done % len(raters)]
        for shift in range(len(raters)):
            rater = raters[(done + shift) % len(raters)]
            if rater.annotator.name not in resting:
                break
        moment = start + pace * done
        if _rate_one(campaign, world, rater, moment, when=done / goal):
            done += 1
            reporter(done, goal, "rating")
        else:
            resting.add(rater.annotator.name)
    return {"ratings": done, "slots": slots}


def _rate_one(
    campaign: Campaign, world: World, rater: _Rater, moment: datetime, *, when: float
) -> bool:
    """Lease, judge and submit one item; False if no work is left for this rater."""
    try:
        lease = lease_next_task(annotator=rater.user, campaign=campaign, now=moment)
    except NothingToDoError:
        return False
    judgement = _judge(world, rater.annotator, lease, when)
    end = moment + timedelta(seconds=judgement.seconds)
    result = submit_rating(lease=lease, judgement=judgement, now=end)
    return result.rating.status == RatingStatus.ACTIVE


def _judge(world: World, annotator: Annotator, lease: Lease, when: float) -> Judgement:
    item_id = lease.task.campaign_item.item.external_id
    candidates = Candidate.objects.in_bulk(lease.candidate_order)
    rng = stream(world.seed, "rating", annotator.name, item_id)
    scores: list[ScoreInput] = []
    seconds = 0.0
    for key in lease.candidate_order:
        truth = world.truth(item_id, candidates[key].external_id)
        judged = annotator.rate(truth, rng, when)
        seconds += judged.seconds
        scores += _scores(key, judged.levels)
    return Judgement(
        client_uuid=UUID(bytes=rng.bytes(UUID_BYTES), version=4),
        scores=scores,
        seconds=seconds,
        aids={},
    )


def _scores(candidate: int, levels: dict[str, int | None]) -> Sequence[ScoreInput]:
    return [
        ScoreInput(candidate_id=candidate, dimension=dimension, level=level)
        if level is not None
        else ScoreInput(
            candidate_id=candidate, dimension=dimension, missing_reason=MissingReason.OTHER
        )
        for dimension, level in levels.items()
    ]
