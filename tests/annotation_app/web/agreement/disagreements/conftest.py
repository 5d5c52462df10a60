"""Items whose raters lie a known distance apart."""

from dataclasses import dataclass

import pytest

from annotation_app.enums import Role
from annotation_app.models import Campaign, User
from annotation_app.services.agreement.folding import fold_campaign
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.people.members import add_member
from annotation_app.services.rating.judgements import ScoreInput
from annotation_app.services.rating.submission import submit_rating
from tests.factories.world import (
    NOON,
    make_annotators,
    make_campaign,
    make_judgement,
    make_user,
)

ITEMS = 8


@dataclass(frozen=True)
class World:
    """Widths of campaign items on `if`, by id: each of 0 … 3 twice; on `vq` all lie one apart."""

    campaign: Campaign
    raters: list[User]
    researcher: User
    widths: dict[int, int]


@pytest.fixture
def world(db: None) -> World:
    campaign = make_campaign(ITEMS, k=2, base=2)
    raters = make_annotators(campaign, 2)
    items = campaign.campaign_items.order_by("pk").values_list("pk", flat=True)
    widths = {item: place % 4 for place, item in enumerate(items)}
    for which, rater in enumerate(raters):
        for _ in range(ITEMS):
            rate_apart(campaign, rater, widths, which)
    fold_campaign(campaign=campaign, now=NOON)
    person = make_user()
    add_member(actor=None, campaign=campaign, user=person, role=Role.RESEARCHER)
    return World(campaign, raters, person, widths)


def rate_apart(campaign: Campaign, rater: User, widths: dict[int, int], which: int) -> None:
    """The second rater (1) gives one candidate on `if` the item's width more than the first (0)."""
    lease = lease_next_task(annotator=rater, campaign=campaign, now=NOON)
    chosen = min(lease.candidate_order)
    width = widths[lease.task.campaign_item_id]
    scores = [
        ScoreInput(
            candidate_id=candidate,
            dimension=key,
            level=1 + which * ((width if candidate == chosen else 0) if key == "if" else 1),
        )
        for candidate in lease.candidate_order
        for key in ("if", "vq")
    ]
    judgement = make_judgement(lease, scores=scores, note=f"note of {which}")
    submit_rating(lease=lease, judgement=judgement, now=NOON)
