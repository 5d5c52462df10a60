"""The dashboard's page and files: what they say, how they narrow, how little they ask."""

import csv
import io
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.staticfiles.finders import find
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from annotation_app.enums import Role
from annotation_app.models import Item
from annotation_app.services.agreement.changes import note_items
from annotation_app.services.agreement.folding import fold_campaign
from annotation_app.services.people.members import add_member
from annotation_app.web.agreement.plotly_files import NAME, PlotlyFinder, bundled_sheet_id
from tests.factories.rated import rate_by_rule
from tests.factories.world import NOON, make_annotators, make_campaign, make_user

pytestmark = pytest.mark.django_db
# Session, user, campaign, standing and blindness; the store's version twice, its notes; people;
# counts.
MOST_QUERIES = 21


@pytest.fixture
def campaign():
    """Twelve items in two categories, rated by three alike but for one slip."""
    made = make_campaign(12, k=2, base=3)
    people = make_annotators(made, 3)
    for number in range(12):
        for person in people:
            slip = person is people[0] and number == 0

            def rule(place, dimension, slip=slip):
                return 4 if place == 0 and not (slip and dimension == "if") else 1

            rate_by_rule(made, person, rule)
    fold_campaign(campaign=made, now=NOON)
    return made


@pytest.fixture
def admin(campaign):
    user = make_user()
    add_member(actor=None, campaign=campaign, user=user, role=Role.ADMIN)
    client = Client()
    client.force_login(user)
    return client


def page(campaign):
    return reverse("agreement", args=[campaign.slug])


def chart(campaign, name, kind="data", **query):
    return reverse("agreement-chart", args=[campaign.slug, name, kind], query=query)


def test_a_warm_page_asks_few_questions(campaign, admin):
    admin.get(page(campaign))
    with CaptureQueriesContext(connection) as found:
        assert admin.get(page(campaign)).status_code == 200
    assert len(found) <= MOST_QUERIES
    assert not any("annotation_app_score" in query["sql"] for query in found)


def test_the_chart_of_dimensions_holds_alpha_with_bounds_and_thresholds(campaign, admin):
    made = admin.get(chart(campaign, "dimensions")).json()
    first = made["rows"][0]
    # 72 values, 35 times 4 and 37 times 1; the unit (1, 4, 4) adds 1 to each side of o₁₄.
    assert first["alpha"] == pytest.approx(1 - 71 * 2 / (2 * 35 * 37))
    assert first["low"] < first["alpha"] < first["high"] <= 1
    assert (first["n_items"], first["n_raters"], first["n_pairable"]) == (12, 3, 24)
    assert [mark["value"] for mark in made["marks"]] == [0.667, 0.8]
    assert first["label"] in made["description"]


def test_the_confusion_is_the_share_of_the_others_by_one_ratings_level(campaign, admin):
    rows = admin.get(chart(campaign, "confusion")).json()["rows"]
    found = {(row["row"], row["column"]): row["share"] for row in rows}
    # Of the 35 values 4, one unit's two each meet a 1 with weight a half: 1 of 35.
    assert found["4", "1"] == pytest.approx(1 / 35)
    assert found["4", "4"] == pytest.approx(34 / 35)
    assert found["2", "2"] is None


def test_levels_are_counted_by_generator(campaign, admin):
    rows = admin.get(chart(campaign, "distributions")).json()["rows"]
    counts = [row["count"] for row in rows]
    assert sum(counts) == 72
    ones = sum(row["count"] for row in rows if row["level"] == "1")
    assert ones == 37


def test_files_have_the_rows_and_what_they_stand_on(campaign, admin):
    answer = admin.get(chart(campaign, "slices", "csv", by="category"))
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["label"] for row in rows} == {"colour", "object"}
    assert {row["n_items"] for row in rows} == {"6"}
    kept = admin.get(chart(campaign, "slices", "json", by="category", dimension="vq")).json()
    assert (kept["campaign"], kept["dimension"], kept["by"]) == (campaign.slug, "vq", "category")
    assert "links" not in kept
    assert admin.get(chart(campaign, "slices", "exe")).status_code == 404
    assert admin.get(chart(campaign, "nothing")).status_code == 404


def test_levels_by_generator_are_of_one_or_say_that_they_are_of_all_items(campaign, admin):
    whole = admin.get(chart(campaign, "distributions", "json")).json()
    names = sorted({row["label"] for row in whole["rows"]})
    assert len(names) > 1
    slices = admin.get(chart(campaign, "slices", by="generator")).json()
    [key] = parse_qs(urlsplit(slices["links"][0]).query)["value"]
    one = {"by": "generator", "value": key}
    own = admin.get(chart(campaign, "distributions", "json", **one)).json()
    assert {row["label"] for row in own["rows"]} == {slices["rows"][0]["label"]}
    assert own["value"] == one["value"]
    other = admin.get(chart(campaign, "distributions", "json", by="category", value="colour"))
    assert (other.json()["rows"], other.json()["value"]) == (whole["rows"], "")
    assert "of all items" in other.json()["description"]
    assert "all-items.json" in other.headers["Content-Disposition"]


def test_a_slice_narrows_the_headline_and_a_lost_one_says_so(campaign, admin):
    narrowed = admin.get(page(campaign), {"by": "category", "value": "colour"})
    assert "Narrowed to Category: <strong>colour</strong>" in narrowed.content.decode()
    assert "12 candidates of 6 items, 3 annotators" in narrowed.content.decode()
    lost = admin.get(page(campaign), {"by": "category", "value": "gone"}).content.decode()
    assert "This slice has no ratings" in lost
    assert "24 candidates of 12 items, 3 annotators" in lost


def test_a_day_narrows_to_the_period_that_holds_it(campaign, admin):
    found = admin.get(page(campaign), {"by": "day", "value": "2026-11-02"}).content.decode()
    assert "Narrowed to Day: <strong>2026-11-02</strong>" in found


def test_odd_addresses_show_the_usual_page(campaign, admin):
    odd = {"dimension": "x", "design": "x", "by": "pooled", "sort": "x", "value": "\x7f'\""}
    assert admin.get(page(campaign), odd).status_code == 200


def test_a_slice_under_five_items_says_so_instead_of_a_number(campaign, admin):
    few = campaign.campaign_items.order_by("pk")[:4].values("item")
    Item.objects.filter(pk__in=few).update(category="rare")
    note_items([item.item_id for item in campaign.campaign_items.all()])
    (row,) = [
        one for one in admin.get(chart(campaign, "slices")).json()["rows"] if one["label"] == "rare"
    ]
    assert (row["alpha"], row["low"], row["n_items"]) == (None, None, 4)
    shown = admin.get(page(campaign)).content.decode()
    assert "Fewer than five overlapping items: no figure." in shown


def test_figures_of_other_designs_are_said_not_to_be_the_headline(campaign, admin):
    assert "not the headline" in admin.get(page(campaign), {"design": "all"}).content.decode()
    csp = admin.get(page(campaign), {"design": "csp"}).content.decode()
    assert "No candidate has two ratings yet." in csp


def test_only_plotlys_own_file_is_served_from_its_package():
    assert find(NAME).endswith("plotly.min.js")
    assert find("plotly/widgetbundle.js") is None
    assert [name for name, _ in PlotlyFinder().list([])] == ["plotly.min.js"]
    assert len(bundled_sheet_id()) in {0, 64}
