"""Finding items by their disagreement: order, filters, pages, neighbours."""

import pytest

from annotation_app.enums import Facet
from annotation_app.models import Candidate, Item, ItemSpread
from annotation_app.selectors.agreement.disagreements import (
    PageCursor,
    Search,
    SpreadOrder,
    count_spreads,
    cursor_of,
    neighbours,
    people_who_rated,
    read_page,
    strata_of,
)
from tests.factories.world import NOON, make_campaign


def found(world, **changes):
    return [row.campaign_item_id for row in read_page(world.campaign, Search(**changes)).rows]


def by_width(world, least=0):
    """Widest first, the newer item first among equals."""
    pairs = sorted(((width, item) for item, width in world.widths.items()), reverse=True)
    return [item for width, item in pairs if width >= least]


def test_the_furthest_apart_come_first(world):
    assert found(world, dimension="if", least=0) == by_width(world)
    assert found(world, dimension="if", least=2) == by_width(world, 2)


def test_without_a_dimension_the_widest_counts(world):
    rows = read_page(world.campaign, Search()).rows
    # on vq every item lies one apart, so none is narrower
    assert [row.width for row in rows] == [3, 3, 2, 2, 1, 1, 1, 1]


def test_pages_by_key_neither_repeat_nor_lose_an_item(world):
    search = Search(dimension="if", least=0)
    first = read_page(world.campaign, search, size=3)
    assert (first.has_earlier, first.has_later) == (False, True)
    second = read_page(world.campaign, search, after=cursor_of(first.rows[-1]), size=3)
    third = read_page(world.campaign, search, after=cursor_of(second.rows[-1]), size=3)
    assert (third.has_earlier, third.has_later) == (True, False)
    pages = [*first.rows, *second.rows, *third.rows]
    assert [row.campaign_item_id for row in pages] == by_width(world)
    back = read_page(world.campaign, search, before=cursor_of(third.rows[0]), size=3)
    assert back.rows == second.rows
    assert (back.has_earlier, back.has_later) == (True, True)


def test_neighbours_follow_the_order(world):
    order = by_width(world)
    before, after = neighbours(world.campaign, Search(dimension="if", least=0), order[3])
    assert before.campaign_item_id == order[2]
    assert after.campaign_item_id == order[4]
    first = neighbours(world.campaign, Search(dimension="if", least=0), order[0])
    assert first[0] is None
    assert neighbours(world.campaign, Search(dimension="if", least=3), order[-1]) == (None, None)


def test_strata_narrow_the_search(world):
    colour = set(Item.objects.filter(category="colour").values_list("campaign_items", flat=True))
    assert found(world, dimension="if", least=0, by="category", value="colour") == [
        item for item in by_width(world) if item in colour
    ]
    assert found(world, by="category", value="nothing like it") == []
    version = world.campaign.guideline_id
    assert len(found(world, by="guideline", value=str(version), least=0)) == 8
    assert found(world, by="guideline", value="999999", least=0) == []


def test_by_generator_the_width_is_that_of_its_candidates(world):
    row = ItemSpread.objects.filter(dimension="if", width=3).first()
    chosen, other = row.campaign_item.drawn.order_by("candidate")
    makers = [one.candidate.generator_id for one in (chosen, other)]
    if makers[0] != makers[1]:
        search = Search(dimension="if", least=0, by="generator", value=str(makers[1]))
        rows = {one.campaign_item_id: one.shown for one in read_page(world.campaign, search).rows}
        assert rows[row.campaign_item_id] == 0
    search = Search(dimension="if", least=0, by="generator", value=str(makers[0]))
    rows = {one.campaign_item_id: one.shown for one in read_page(world.campaign, search).rows}
    assert rows[row.campaign_item_id] == 3


def test_days_are_those_of_the_ratings(world):
    assert len(found(world, by="day", value=NOON.date().isoformat())) == 8
    assert found(world, by="day", value="2020-01-01") == []


def test_only_items_that_the_annotator_rated(world):
    assert len(found(world, rater=world.raters[0].pk)) == 8
    assert found(world, rater=world.researcher.pk) == []
    assert set(people_who_rated(world.campaign)) == set(world.raters)


def test_the_least_certain_come_first_and_unknown_ones_not_at_all(world):
    assert found(world, order=SpreadOrder.ENTROPY, dimension="if") == []
    items = by_width(world)[:2]
    for item, bits in zip(items, (0.25, 1.5), strict=True):
        ItemSpread.objects.filter(campaign_item=item, dimension="if").update(entropy=bits)
    assert found(world, order=SpreadOrder.ENTROPY, dimension="if") == items[::-1]


def test_counting_stops_at_the_most(world):
    assert count_spreads(world.campaign, Search(), most=5) == 5
    assert count_spreads(world.campaign, Search(), most=50) == 8


def test_withdrawn_items_and_other_campaigns_are_not_found(world):
    first = by_width(world)[0]
    Item.objects.filter(campaign_items=first).update(withdrawn_at=NOON, withdrawal_reason="x")
    assert first not in found(world, least=0)
    assert read_page(make_campaign(1, k=2), Search(least=0)).rows == []


def test_strata_to_choose_from_are_those_of_the_campaign(world):
    strata = strata_of(world.campaign)
    assert [label for _, label in strata[Facet.CATEGORY]] == ["colour", "object"]
    assert len(strata[Facet.GENERATOR]) == 6
    assert Facet.SOURCE not in strata  # one source alone is no choice
    assert Candidate.objects.exists()


@pytest.mark.parametrize("place", [PageCursor(0, 0), PageCursor(1e9, 2**62), PageCursor(-1.0, 5)])
def test_a_place_beyond_either_end_is_an_empty_page_or_the_first(world, place):
    page = read_page(world.campaign, Search(dimension="if", least=0), after=place)
    assert len(page.rows) in {0, 8}
