"""The live store: equal to the ratings after anything, while folds come in between."""

import contextlib
from datetime import timedelta

import numpy as np
import pytest

from annotation_app.enums import Design
from annotation_app.exceptions import NothingToDoError
from annotation_app.models import (
    Item,
    Rating,
    Task,
)
from annotation_app.selectors.live_agreement import pending_items
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.live_agreement.folding import fold_batch, fold_campaign
from annotation_app.services.revisions import release_rating, revise_rating
from annotation_app.services.submission import submit_rating
from annotation_app.services.validation import ScoreInput
from tests.factories.live import check_live
from tests.factories.world import NOON, make_annotators, make_campaign, make_judgement

pytestmark = pytest.mark.django_db


def any_judgement(lease, rng):
    scores = [
        ScoreInput(candidate_id=candidate, dimension=key, level=int(rng.integers(1, 5)))
        if rng.random() > 0.1
        else ScoreInput(candidate_id=candidate, dimension=key, missing_reason="other")
        for candidate in lease.candidate_order
        for key in ("if", "vq")
    ]
    return make_judgement(lease, scores=scores)


def act(campaign, people, rng, step):
    """One random submit, revision or release, on a later and later day."""
    now = NOON + timedelta(hours=5 * step)
    counted = list(Rating.objects.filter(campaign=campaign, status="active"))
    kind = rng.random()
    if kind < 0.15 and counted:
        release_rating(
            actor=people[0], rating=counted[rng.integers(len(counted))], reason="x", now=now
        )
    elif kind < 0.3 and counted:
        rating = counted[rng.integers(len(counted))]
        Rating.objects.filter(pk=rating.pk).update(
            open_until=now + timedelta(hours=1), closed_at=None
        )
        revise_rating(rating=rating, judgement=any_judgement(rating.lease, rng), now=now)
    else:
        with contextlib.suppress(NothingToDoError):
            person = people[rng.integers(len(people))]
            lease = lease_next_task(annotator=person, campaign=campaign, now=now)
            submit_rating(lease=lease, judgement=any_judgement(lease, rng), now=now)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_live_figures_equal_the_ratings_after_any_sequence(seed: int):
    rng = np.random.default_rng(seed)
    campaign = make_campaign(12, k=3, base=3)
    people = make_annotators(campaign, 4)
    Item.objects.filter(pk__in=campaign.campaign_items.values("item")[:3]).update(
        source_dataset="web"
    )
    Task.objects.filter(campaign=campaign, ordinal=3).update(design=Design.CSP)
    for step in range(40):
        act(campaign, people, rng, step)
        if rng.random() < 0.3:
            fold_batch(campaign=campaign, now=NOON, limit=int(rng.integers(1, 5)))
        if step % 10 == 9:
            check_live(campaign)
    fold_campaign(campaign=campaign, now=NOON)
    assert pending_items(campaign) == []
    check_live(campaign)
