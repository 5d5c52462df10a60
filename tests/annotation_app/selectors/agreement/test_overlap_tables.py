"""Tables of shared items equal those of all ratings, cut to these items."""

import numpy as np
import pytest

from annotation_app.enums import Design
from annotation_app.models import Item
from annotation_app.selectors.agreement.overlap_tables import overlap_rows, overlap_tables
from annotation_app.selectors.agreement.tables import campaign_tables
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_campaign


def ratings_of(table, items):
    """(candidate, annotator, value) of the ratings of some items."""
    return {
        (table.unit_labels[unit], table.rater_labels[rater], value)
        for unit, rater, item, value in zip(
            table.unit, table.rater, table.item, table.values, strict=True
        )
        if table.item_labels[item] in items
    }


@pytest.mark.django_db
def test_shared_items_alone_are_read_and_whole():
    campaign = make_campaign(4, k=3, base=2)
    first, second = make_annotators(campaign, 2)
    for item in range(4):
        rate_by_rule(
            campaign, first, lambda place, key, item=item: 1 + (place + item + (key == "vq")) % 4
        )
    shared = {
        rate_by_rule(campaign, second, lambda place, key: 4 - place).campaign_item_id
        for _ in range(2)
    }
    rows = overlap_rows(campaign)
    tables, every = overlap_tables(rows, campaign.rubric), campaign_tables(campaign)
    assert list(tables) == ["if", "vq", "overall"]
    for key, table in tables.items():
        assert set(table.item_labels) == shared
        assert ratings_of(table, shared) == ratings_of(every[key], shared)
    assert set(rows["if"].submitted.tolist()) == {int(NOON.timestamp())}
    random = overlap_rows(campaign, designs={Design.RANDOM.value})
    assert np.array_equal(np.sort(random["vq"].value), np.sort(rows["vq"].value))
    assert len(overlap_rows(campaign, designs={Design.CSP.value})["if"].unit) == 0


@pytest.mark.django_db
def test_nothing_shared_is_an_empty_table():
    campaign = make_campaign(1, k=2, base=2)
    first, second = make_annotators(campaign, 2)
    for annotator in (first, second):
        rate_by_rule(campaign, annotator, lambda place, key: 2)
    Item.objects.update(withdrawn_at=NOON, withdrawal_reason="x")
    tables = overlap_tables(overlap_rows(campaign), campaign.rubric)
    assert [table.n_ratings for table in tables.values()] == [0, 0, 0]
