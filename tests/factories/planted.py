"""A simulated campaign, rated, with a bad annotator and a bad category planted in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import numpy as np

from annotation_app.enums import MissingReason, RevisionCause, Role, TaskState
from annotation_app.models import (
    Campaign,
    CampaignItem,
    CampaignItemChange,
    Candidate,
    Collection,
    Dimension,
    Generator,
    Item,
    Rating,
    RatingRevision,
    Score,
    Task,
    User,
)
from annotation_app.services.agreement.folding import fold_campaign
from annotation_app.services.campaigns.creation import (
    CampaignDesign,
    create_campaign,
    set_overlap_plan,
)
from annotation_app.services.campaigns.planning import plan_campaign
from annotation_app.services.people.members import add_member
from simulation.annotators.annotator import Annotator
from simulation.annotators.rosters import SPAMMER, Plant, build_roster
from simulation.seeding import stream
from simulation.world import World
from tests.factories.world import NOON, make_picture, make_user

BAD_CATEGORY = "restyle"
SEED = 7
SHOWN = 5
DAYS = 16


@dataclass(frozen=True)
class Planted:
    """The campaign, whom to find and what to find."""

    campaign: Campaign
    annotator: User
    category: str


def make_planted_campaign(
    items: int = 160, raters: int = 8, *, until: datetime = NOON, rated: float = 1.0
) -> Planted:
    """Let a simulated team with one spammer rate a world with one vague category.

    Args:
        items: of the world; three raters each.
        raters: size of the team.
        until: the moment of the last rating; the others lie in the sixteen days before.
        rated: share of the items that are rated.
    """
    world = World(seed=SEED, items=items, bad_category=BAD_CATEGORY)
    campaign = _campaign(world)
    roster = build_roster(SEED, raters, Plant(spammers=1))
    people = {one.name: _person(campaign, one) for one in roster}
    dimensions = {one.key: one for one in campaign.rubric.dimensions.all()}
    _rate(campaign, _Team(world, roster, people, dimensions), until, rated)
    fold_campaign(campaign=campaign, now=until)
    bad = next(one for one in roster if one.behaviour == SPAMMER)
    return Planted(campaign, people[bad.name], BAD_CATEGORY)


def _person(campaign: Campaign, annotator: Annotator) -> User:
    user = make_user(annotator.name)
    add_member(actor=None, campaign=campaign, user=user, role=Role.ANNOTATOR)
    return user


def _campaign(world: World) -> Campaign:
    collection = Collection.objects.create(
        name="Planted scenes", slug="planted-scenes", is_simulated=True
    )
    picture = make_picture((120, 130, 140), (64, 48))
    edits = [make_picture((20 * i, 90, 220 - 20 * i), (64, 48)) for i in range(12)]
    makers = {
        name: Generator.objects.get_or_create(name=name)[0]
        for name in sorted({candidate.model for candidate in world.item(0).candidates})
    }
    for one in world:
        item = Item.objects.create(
            collection=collection,
            external_id=one.item_id,
            instruction=one.instruction,
            category=one.category,
            source_dataset=one.source_dataset,
            source_image=picture,
        )
        Candidate.objects.bulk_create(
            Candidate(
                item=item,
                external_id=candidate.candidate_id,
                generator=makers[candidate.model],
                seed=candidate.seed,
                image=edits[place],
            )
            for place, candidate in enumerate(one.candidates)
        )
    campaign = create_campaign(
        actor=None,
        name="Planted trial",
        collection=collection,
        design=CampaignDesign(
            seed=SEED, candidates_per_item=SHOWN, agreement_gate={"if": 0.6, "vq": 0.5}
        ),
    )
    set_overlap_plan(
        actor=None, campaign=campaign, base_ratings=3, overlap_share=0.0, overlap_ratings=3
    )
    plan_campaign(campaign=campaign)
    return campaign


@dataclass(frozen=True)
class _Team:
    """The world that is rated, who rates it, and on what."""

    world: World
    roster: tuple[Annotator, ...]
    people: dict[str, User]
    dimensions: dict[str, Dimension]


def _rate(campaign: Campaign, team: _Team, until: datetime, rated: float) -> None:
    """Fill the slots item by item, each by annotators of its own."""
    rng = np.random.default_rng(SEED)
    items = list(
        CampaignItem.objects.filter(campaign=campaign)
        .select_related("item")
        .prefetch_related("drawn__candidate", "tasks")
        .order_by("item__external_id")
    )
    done = items[: round(rated * len(items))]
    for place, item in enumerate(done):
        when = place / max(len(done) - 1, 1)
        moment = until - timedelta(days=DAYS) * (1 - when)
        members = rng.permutation(len(team.roster))
        for task, member in zip(item.tasks.all(), members, strict=False):
            rating = _submit(team, team.roster[int(member)], task, moment)
            _score(team, rating, item, when)
    CampaignItemChange.objects.bulk_create(
        CampaignItemChange(campaign=campaign, campaign_item=item) for item in done
    )
    Task.objects.filter(campaign=campaign, ratings__isnull=False).update(state=TaskState.FILLED)


def _submit(team: _Team, annotator: Annotator, task: Task, moment: datetime) -> Rating:
    key = uuid4()
    rating = Rating.objects.create(
        task=task,
        campaign_id=task.campaign_id,
        campaign_item_id=task.campaign_item_id,
        annotator=team.people[annotator.name],
        purpose=task.purpose,
        independent=True,
        client_uuid=key,
        guideline_id=task.guideline_id,
        candidate_order=[],
        submitted_at=moment,
        open_until=moment,
    )
    rating.current_revision = RatingRevision.objects.create(
        rating=rating,
        number=1,
        client_uuid=key,
        cause=RevisionCause.SUBMIT,
        seconds=60,
        created_at=moment,
    )
    rating.save(update_fields=["current_revision"])
    return rating


def _score(team: _Team, rating: Rating, item: CampaignItem, when: float) -> None:
    """Let the annotator judge what the item shows, as the world and their habits have it."""
    annotator = next(one for one in team.roster if team.people[one.name].pk == rating.annotator_id)
    name = item.item.external_id
    rng = stream(team.world.seed, "rating", annotator.name, name)
    Score.objects.bulk_create(
        Score(
            revision=rating.current_revision,
            candidate=one.candidate,
            dimension=team.dimensions[key],
            level=level,
            missing_reason="" if level else MissingReason.OTHER,
        )
        for one in item.drawn.all()
        for key, level in annotator.rate(
            team.world.truth(name, one.candidate.external_id), rng, when
        ).levels.items()
    )
