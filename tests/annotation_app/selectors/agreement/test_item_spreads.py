"""Spreads of items, by hand."""

import pytest

from annotation_app.enums import RatingStatus
from annotation_app.models import CampaignItemChange, ItemSpread
from annotation_app.selectors.agreement.item_spreads import Spread, item_spreads
from annotation_app.selectors.agreement.live.states import ItemState, StateRating
from annotation_app.services.agreement.folding import fold_campaign
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_campaign


def state(*ratings: StateRating) -> ItemState:
    return ItemState("colour", "set", {11: 1, 12: 2, 13: 2}, ratings)


def rating(who: int, levels: dict[str, dict[int, int]], guideline: int = 5) -> StateRating:
    return StateRating(who, "random", guideline, "2026-11-02", levels)


def test_the_width_is_that_of_the_candidate_where_raters_lie_furthest_apart():
    found = item_spreads(
        state(
            rating(7, {"if": {11: 1, 12: 4, 13: 2}, "vq": {11: 2}}),
            rating(8, {"if": {11: 4, 12: 3, 13: 2}, "vq": {12: 4}}, guideline=6),
            rating(9, {"if": {12: 2}}),
        )
    )
    # if: 11 lies 3 apart, 12 lies 2 apart (4, 3, 2), 13 none; on vq nobody met anybody
    assert found == [
        Spread("", 3, (7, 8, 9), (5, 6), {1: 3, 2: 2}),
        Spread("if", 3, (7, 8, 9), (5, 6), {1: 3, 2: 2}),
    ]


def test_an_item_that_nobody_shares_has_no_spread():
    assert item_spreads(state(rating(7, {"if": {11: 1}}))) == []
    assert item_spreads(state()) == []


@pytest.mark.django_db
def test_a_fold_writes_the_spreads_and_takes_them_away_again():
    campaign = make_campaign(1, k=2, base=2, overlap=2)
    first, second = make_annotators(campaign, 2)
    rate_by_rule(campaign, first, lambda place, key: 1)
    fold_campaign(campaign=campaign, now=NOON)
    assert not ItemSpread.objects.exists()
    other = rate_by_rule(campaign, second, lambda place, key: {"if": 4, "vq": 2}[key])
    fold_campaign(campaign=campaign, now=NOON)
    widths = dict(ItemSpread.objects.values_list("dimension", "width"))
    assert widths == {"": 3, "if": 3, "vq": 1}
    row = ItemSpread.objects.get(dimension="if")
    assert row.raters == sorted([first.pk, second.pk])
    assert set(row.by_generator.values()) == {3}
    other.status = RatingStatus.RELEASED
    other.save()
    CampaignItemChange.objects.create(campaign=campaign, campaign_item=row.campaign_item)
    fold_campaign(campaign=campaign, now=NOON)
    assert not ItemSpread.objects.exists()
