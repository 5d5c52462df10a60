"""What the dashboard reads, with figures worked out by hand."""

from datetime import date, timedelta

import pytest

from analytics.agreement.coefficients.catalogue import Coefficient
from analytics.estimates import Reason
from analytics.monitoring.gates import GateStatus
from annotation_app.enums import Facet
from annotation_app.models import Item
from annotation_app.selectors.agreement.dashboard.headlines import dimension_lines, pair_differences
from annotation_app.selectors.agreement.dashboard.overlap import annotator_overlap, apart_strata
from annotation_app.selectors.agreement.dashboard.pace import recent_pace
from annotation_app.selectors.agreement.dashboard.periods import time_slice, time_slices
from annotation_app.selectors.agreement.dashboard.slices import slice_rows, standing_out
from annotation_app.selectors.agreement.live.agreement import read_live
from annotation_app.selectors.campaigns.progress import campaign_progress
from annotation_app.selectors.raters.panel import (
    annotator_ids,
    rater_funnel,
    rater_rows,
)
from tests.factories.rated import rate_by_rule, rate_next
from tests.factories.world import NOON, make_annotators, make_campaign

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def plain(place, dimension):
    """The first candidate is very good, the second very poor."""
    return 1 if place else 4


def all_poor(place, dimension):
    """One slip on Instruction Following: the first candidate is very poor, too."""
    return 1 if place or dimension == "if" else 4


@pytest.fixture
def rated():
    """Six items of two candidates, two raters, alike but for one level of the second's first."""
    campaign = make_campaign(6, k=2, base=2)
    one, other = make_annotators(campaign, 2)
    for number in range(6):
        rate_by_rule(campaign, one, plain)
        rate_by_rule(campaign, other, plain if number else all_poor)
    return campaign


def test_a_dimension_has_its_alpha_its_gates_and_its_reasons(rated):
    rated.agreement_gate = {"if": 0.2}
    live = read_live(rated)
    following, quality, _overall = dimension_lines(rated, live, live.pooled)
    # 24 values, 11 times 4 and 13 times 1; one unit of twelve differs.
    assert following.summary.headline.estimate.value == pytest.approx(1 - 23 * 2 / (2 * 11 * 13))
    assert following.summary.lines[Coefficient.EXACT].estimate.value == pytest.approx(11 / 12)
    assert [gate.threshold for gate in following.gates] == [0.667, 0.8, 0.2]
    # The value lies above, but six items do not make it sure.
    assert following.gates[-1].status is GateStatus.OPEN
    assert following.own
    assert quality.summary.headline.estimate.value == 1.0
    assert quality.summary.headline.items.reason is Reason.NO_DISAGREEMENT
    assert [gate.status for gate in quality.gates] == [GateStatus.UNKNOWN] * 2


def test_dimensions_are_compared_on_the_same_items(rated):
    live = read_live(rated)
    (found,) = pair_differences(live, live.pooled)
    assert (found.first, found.second) == ("if", "vq")
    assert found.difference.estimate.value == pytest.approx(-46 / 286)
    assert found.difference.n_shared == 6


def test_a_slice_of_under_five_items_has_no_figure_to_show(rated):
    rows = slice_rows(read_live(rated), Facet.CATEGORY, "if")
    assert {(row.stratum.label, row.n_items, row.has_enough) for row in rows} == {
        ("colour", 3, False),
        ("object", 3, False),
    }
    assert not any(row.is_worse for row in rows)
    assert standing_out(read_live(rated)) == []


def test_a_slice_is_compared_with_all_other_slices(rated):
    Item.objects.filter(collection=rated.collection).update(category="all")
    only = rated.campaign_items.order_by("pk").first()
    Item.objects.filter(pk=only.item_id).update(category="one")
    live = read_live(rated)
    (row, small) = slice_rows(live, Facet.CATEGORY, "if")
    assert (row.stratum.label, row.n_items, small.n_items) == ("all", 5, 1)
    parts = [one.stratum.headline("if").estimate.value for one in (row, small)]
    assert row.rest.estimate.value == pytest.approx(parts[0] - parts[1])
    assert row.rest.interval.reason is Reason.FEW_ITEMS


def test_the_pace_of_whole_days_gives_the_days_that_are_left():
    campaign = make_campaign(20, k=2)
    (person,) = make_annotators(campaign, 1)
    for day in range(4):
        for _ in range(2):
            rate_next(campaign, person, now=NOON + day * DAY)
    now = NOON + 4 * DAY
    rate_next(campaign, person, now=now)  # today is not over
    found = recent_pace(campaign, campaign_progress(campaign), now=now)
    assert [count for _, count in found.days] == [2, 2, 2, 2]
    assert found.days[0][0] == date(2026, 11, 2)
    # 11 slots are left, two a day: six days.
    assert found.dates == (date(2026, 11, 12),) * 3


def test_without_three_days_there_is_no_forecast():
    campaign = make_campaign(3, k=2)
    (person,) = make_annotators(campaign, 1)
    rate_next(campaign, person)
    found = recent_pace(campaign, campaign_progress(campaign), now=NOON + DAY)
    assert (found.dates, found.has_few_days) == (None, True)


def test_many_days_become_weeks_whose_key_is_the_first_day_with_ratings():
    campaign = make_campaign(4, k=2, base=1)
    (person,) = make_annotators(campaign, 1)
    for days in (0, 3, 40):
        rate_next(campaign, person, now=NOON + days * DAY)
    live = read_live(campaign)
    assert [one.label for one in time_slices(live)] == ["2026-11-02 – 2026-11-05", "2026-12-12"]
    assert [one.key for one in time_slices(live)] == ["2026-11-02", "2026-12-12"]
    assert time_slice(live, "2026-11-05").key == "2026-11-02"
    assert time_slice(live, "2026-10-01") is None
    assert time_slices(live)[0].summary("if").n_units == 4


def test_annotators_without_common_candidates_fall_into_parts():
    campaign = make_campaign(4, k=2, base=2)
    people = make_annotators(campaign, 4)
    for pair in (people[:2], people[2:]):
        for _ in range(2):
            for person in pair:
                rate_by_rule(campaign, person, plain)
    live = read_live(campaign)
    found = annotator_overlap(live, "if")
    keys = [person.pk for person in people]
    assert sorted(map(sorted, found.parts)) == [keys[:2], keys[2:]]
    assert not found.is_connected
    assert (found.between(keys[1], keys[0]), found.between(keys[0], keys[2])) == (4, 0)
    assert apart_strata(live, Facet.GUIDELINE, "if") == []


def test_slices_without_common_annotators_are_named():
    campaign = make_campaign(2, k=2, base=1)
    for person in make_annotators(campaign, 2):
        rating = rate_by_rule(campaign, person, plain)
        Item.objects.filter(campaign_items=rating.campaign_item_id).update(
            category=f"of {person.pk}"
        )
    names = sorted(Item.objects.values_list("category", flat=True))
    live = read_live(campaign)
    assert sorted(apart_strata(live, Facet.CATEGORY, "if")) == [[name] for name in names]
    assert apart_strata(live, Facet.GUIDELINE, "if") == []


def test_annotators_are_listed_with_figures_and_a_funnel_needs_five(rated):
    live = read_live(rated)
    people = {user.pk: user for user in (m.user for m in rated.memberships.all())}
    rows = rater_rows(live, "if", people)
    assert annotator_ids(live) == sorted(people)
    assert [row.line.n_ratings for row in rows] == [12, 12]
    # Left without one of two, nobody overlaps.
    assert {row.line.leave_one_out.estimate.reason for row in rows} == {Reason.NO_OVERLAP}
    assert rater_funnel(rows) is None


def test_an_empty_campaign_has_reasons_everywhere():
    campaign = make_campaign(2, k=2)
    live = read_live(campaign)
    lines = dimension_lines(campaign, live, live.pooled)
    assert {one.summary.headline.estimate.reason for one in lines} == {Reason.NO_OVERLAP}
    assert slice_rows(live, Facet.CATEGORY, "if") == []
    assert time_slices(live) == []
    assert annotator_overlap(live, "if").is_connected
