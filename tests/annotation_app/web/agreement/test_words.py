"""What the dashboard says where people cannot be compared, and where agreement changed."""

from datetime import timedelta

import pytest

from analytics.estimates import Estimate, Interval, Reason
from analytics.monitoring.gates import gate_status
from annotation_app.enums import Facet
from annotation_app.web.agreement.chart_trend import trend_chart
from annotation_app.web.agreement.comparability import overlap_warnings
from annotation_app.web.agreement.findings import findings
from annotation_app.web.agreement.query import Query
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import REASONS, gate_words, number, span
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_campaign


def plain(place, dimension):
    return 1 if place else 4


def opposite(place, dimension):
    return 4 if place else 1


@pytest.mark.django_db
def test_a_change_of_agreement_is_said_and_drawn_where_it_lies():
    campaign = make_campaign(24, k=2, base=2)
    one, other = make_annotators(campaign, 2)
    for day in range(24):
        now = NOON + timedelta(days=day)
        rate_by_rule(campaign, one, plain, now=now)
        rate_by_rule(campaign, other, plain if day < 12 else opposite, now=now)
    chart = trend_chart(DashboardData(campaign, Query()))
    # From the thirteenth day on; two units of opposite levels each: α is 1 − 47/24 there.
    assert "From 2026-11-14 on, agreement differs: α 1.000 before, −0.958 after" in chart.sentence
    (mark,) = [mark for mark in chart.marks if "period" in mark]
    assert mark["period"] == "2026-11-14"
    assert chart.rows[0][1].text.startswith("Fewer than five")


@pytest.mark.django_db
def test_people_who_share_nothing_are_warned_of():
    campaign = make_campaign(4, k=2, base=2)
    people = make_annotators(campaign, 4)
    for pair in (people[:2], people[2:]):
        for _ in range(2):
            for person in pair:
                rate_by_rule(campaign, person, plain)
    reading = DashboardData(campaign, Query(by=Facet.GUIDELINE))
    first = overlap_warnings(reading)[0]
    assert "share no candidate" in first
    assert all(person.username in first for person in people)
    assert findings(reading) == []


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.7, 0.8, "Clearly at least 0.667"),
        (0.6, 0.8, "Unclear whether it reaches 0.667"),
        (0.5, 0.6, "Clearly below 0.667"),
    ],
)
def test_a_gate_is_worded_by_the_bounds(low, high, words):
    gate = gate_status(Estimate(0.65), Interval(low, high, "test"), 0.667)
    assert gate_words(gate).startswith(words)


def test_every_reason_has_its_words_and_figures_their_signs():
    assert set(REASONS) == set(Reason)
    nothing = Interval.undefined("test", Reason.FEW_RATERS)
    assert span(nothing) == "Fewer than three annotators: their spread cannot be estimated."
    assert number(-0.0001) == "0.000"
    assert number(-0.25, 2) == "−0.25"
    assert number(0.25, 2, sign=True) == "+0.25"


def test_an_address_leaves_out_what_is_usual():
    query = Query()
    assert query.encoded() == "?"
    assert query.with_(dimension="vq") == "?dimension=vq"
    assert query.with_(value="colour & more") == "?value=colour+%26+more&by=category"
