"""The live store: equal to the ratings after anything, while folds come in between."""

import contextlib
from datetime import timedelta

import numpy as np
import pytest

from analytics.agreement.report import agreement_summary
from analytics.estimates import Reason
from annotation_app.enums import Design, Facet
from annotation_app.exceptions import NothingToDoError
from annotation_app.models import Generator, Item, Level, LiveSums, Rating, Task
from annotation_app.selectors.agreement.live.agreement import pending_items, read_live
from annotation_app.selectors.agreement.tables import campaign_agreement, campaign_tables
from annotation_app.services.agreement.changes import note_items
from annotation_app.services.agreement.folding import fold_batch, fold_campaign
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.rating.judgements import ScoreInput
from annotation_app.services.rating.revisions import release_rating, revise_rating
from annotation_app.services.rating.submission import submit_rating
from tests.factories.live import check_live
from tests.factories.rated import rate_next
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


def test_a_withdrawn_item_leaves_the_figures_with_its_note():
    campaign = make_campaign(2, k=2)
    [ana] = make_annotators(campaign, 1)
    rating = rate_next(campaign, ana)
    fold_campaign(campaign=campaign, now=NOON)
    item = rating.campaign_item.item_id
    Item.objects.filter(pk=item).update(withdrawn_at=NOON, withdrawal_reason="licence")
    assert note_items([item]) == 1
    assert read_live(campaign).pooled.sums["if"].is_empty
    fold_campaign(campaign=campaign, now=NOON)
    assert not LiveSums.objects.exists()


def test_an_item_that_changes_its_category_moves_whole():
    campaign = make_campaign(2, k=2, base=2)
    people = make_annotators(campaign, 2)
    for person in people:
        rate_next(campaign, person)
    fold_campaign(campaign=campaign, now=NOON)
    item = Item.objects.get(campaign_items__ratings__annotator=people[0])
    Item.objects.filter(pk=item.pk).update(category="renamed")
    note_items([item.pk])
    check_live(campaign)
    fold_campaign(campaign=campaign, now=NOON)
    check_live(campaign)


def test_nothing_rated_gives_reasons_instead_of_figures():
    live = read_live(make_campaign(1, k=2))
    assert live.dimensions == ["if", "vq", "overall"]
    assert live.pooled.headline("if").estimate.reason == Reason.NO_OVERLAP
    assert live.pooled.difference("if", "vq").estimate.reason == Reason.NO_OVERLAP
    assert live.strata[Facet.CATEGORY] == []


def test_the_overview_reads_what_the_ratings_say():
    rng = np.random.default_rng(4)
    campaign = make_campaign(9, k=4, base=2)
    people = make_annotators(campaign, 3)
    for step in range(20):
        act(campaign, people, rng, step)
    direct = campaign_tables(campaign, designs=frozenset({"random"}))
    for one in campaign_agreement(campaign):
        expected = agreement_summary(direct[one.dimension])
        assert one.summary.n_ratings == expected.n_ratings
        assert one.summary.n_items == expected.n_items
        for name, line in expected.lines.items():
            ours = one.summary.lines[name]
            assert ours.estimate.value == pytest.approx(line.estimate.value, rel=1e-12)
            assert (ours.items.low is None) == (line.items.low is None)


def test_a_scale_of_many_levels_is_live_like_any_other():
    campaign = make_campaign(1, k=2)
    dimension = campaign.rubric.dimensions.get(key="vq")
    Level.objects.bulk_create(Level(dimension=dimension, value=value) for value in range(5, 14))
    live = read_live(campaign)
    assert live.dimensions == ["if", "vq", "overall"]
    assert [live.pooled.keeps_ratings(key) for key in live.dimensions] == [False, True, True]
    assert list(live.pooled.crosses) == []
    assert [one.dimension for one in campaign_agreement(campaign)] == ["if", "vq", "overall"]


def test_figures_that_did_not_change_are_not_read_again(django_assert_max_num_queries):
    campaign = make_campaign(3, k=2)
    [ana] = make_annotators(campaign, 1)
    rate_next(campaign, ana)
    fold_campaign(campaign=campaign, now=NOON)
    first = read_live(campaign)
    with django_assert_max_num_queries(3):
        assert read_live(campaign) is first
    rate_next(campaign, ana)
    assert read_live(campaign).pending == 1


def test_a_stratum_is_named_as_people_know_it():
    campaign = make_campaign(1, k=2)
    [ana] = make_annotators(campaign, 1)
    rate_next(campaign, ana)
    strata = read_live(campaign).strata
    generators = Generator.objects.filter(candidates__drawn__campaign_item__campaign=campaign)
    names = sorted(set(generators.values_list("name", flat=True)))
    assert [one.label for one in strata[Facet.GENERATOR]] == names
    assert [one.label for one in strata[Facet.GUIDELINE]] == [f"v{campaign.guideline.number}"]
    assert [one.label for one in strata[Facet.DAY]] == ["2026-11-02"]
    assert [one.label for one in strata[Facet.SOURCE]] == ["–"]
