"""The agreement dashboard in Chromium: the planted are found, and charts are for everybody."""

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from annotation_app.enums import Role, Theme
from annotation_app.services.people.members import add_member
from tests.factories.planted import Planted, make_planted_campaign
from tests.factories.world import make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MOST_CLICKS = 6
CHARTS = ("dimensions", "slices", "trend", "confusion", "distributions", "annotators", "overlap")


@pytest.fixture
def planted() -> Planted:
    return make_planted_campaign(until=timezone.now())


def make_admin(planted: Planted, theme: Theme = Theme.LIGHT):
    admin = make_user()
    admin.theme = theme
    admin.save()
    add_member(actor=None, campaign=planted.campaign, user=admin, role=Role.ADMIN)
    return admin


class Clicker:
    """Counts what a person clicks."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.clicks = 0

    def click(self, name: str, within: str = "main") -> None:
        self.page.locator(within).get_by_role("link", name=name, exact=True).first.click()
        self.clicks += 1
        self.page.wait_for_load_state("load")


def address(planted: Planted) -> str:
    return f"/campaigns/{planted.campaign.slug}/agreement/"


def draw_all(page: Page) -> None:
    """Look at every chart until it is drawn."""
    for name in CHARTS:
        figure = page.locator(f"figure[data-name$='-agreement-{name}']")
        figure.scroll_into_view_if_needed()
        expect(figure).to_have_attribute("data-drawn", "yes")


def test_an_admin_finds_the_planted_annotator_and_category_in_under_six_clicks(open_page, planted):
    page = open_page(make_admin(planted), f"/campaigns/{planted.campaign.slug}/")
    hand = Clicker(page)
    hand.click("Agreement")
    found = page.get_by_role("region", name="What stands out")
    first = found.get_by_role("listitem").first
    expect(first).to_contain_text("Annotator")
    expect(first).to_contain_text(planted.annotator.username)
    expect(first).to_contain_text("Agrees with others less than most annotators do.")
    hand.click(planted.category, "[aria-labelledby=findings-heading]")
    expect(page.get_by_role("status")).to_contain_text(planted.category)
    worst = page.locator("#slices tbody tr").first
    expect(worst).to_contain_text(planted.category)
    expect(worst).to_contain_text("stands out")
    expect(page.locator("#annotators tbody tr").first).to_contain_text(planted.annotator.username)
    expect(page.locator("#annotators").get_by_text("stands out", exact=True)).to_have_count(1)
    narrowed = page.url.removeprefix(page.url.split("/campaigns")[0])
    hand.click(planted.annotator.username)
    expect(page.get_by_role("main")).to_contain_text(planted.annotator.username)
    page.go_back()
    page.locator("#slices tbody tr").first.get_by_role("link", name="Disagreements").click()
    hand.clicks += 1
    expect(page).to_have_url(re.compile("by=category&value=restyle"))
    assert hand.clicks < MOST_CLICKS
    shared = open_page(make_admin(planted), narrowed)
    expect(shared.get_by_role("status")).to_contain_text(planted.category)


def test_charts_have_text_alternatives_files_and_pass_axe_in_both_themes(open_page, planted):
    for theme in (Theme.LIGHT, Theme.DARK):
        page = open_page(make_admin(planted, theme), address(planted))
        draw_all(page)
        for name in CHARTS:
            figure = page.locator(f"figure[data-name$='-agreement-{name}']")
            label = figure.locator("[role=img]").get_attribute("aria-label") or ""
            assert len(label) > 40, name
            card = figure.locator("xpath=ancestor::section")
            assert card.locator("table caption").count() >= 1, name
            assert card.locator("tbody tr").count() >= 2, name
        assert Axe().run(page).response["violations"] == []
        page.set_viewport_size({"width": 820, "height": 1180})
        assert page.evaluate("document.documentElement.scrollWidth") <= 820
    check_files(page)
    plain = open_page(make_admin(planted), address(planted), java_script_enabled=False)
    check_without_scripts(plain, planted)


def check_files(page: Page) -> None:
    """PNG from the browser, CSV and JSON from the server, of the same chart."""
    figure = page.locator("figure[data-name$='-agreement-slices']")
    content = {}
    for name in ("PNG", "CSV", "JSON"):
        button = figure.get_by_role("button" if name == "PNG" else "link", name=name)
        with page.expect_download() as waiting:
            button.click()
        content[name] = Path(waiting.value.path()).read_bytes()
        assert waiting.value.suggested_filename.endswith(f"-agreement-slices.{name.lower()}")
    assert content["PNG"].startswith(b"\x89PNG")
    assert content["CSV"].startswith(b"\xef\xbb\xbflabel,alpha,low,high")
    made = json.loads(content["JSON"])
    assert made["chart"] == "slices"
    assert {row["label"] for row in made["rows"]} >= {"restyle", "remove"}


def check_without_scripts(page: Page, planted: Planted) -> None:
    """The tables stand alone."""
    expect(page.locator("[data-plot]").first).to_be_hidden()
    expect(page.get_by_role("button", name="PNG")).to_have_count(0)
    expect(page.locator("#slices tbody tr").first).to_contain_text(planted.category)
    row = page.get_by_role("row", name="Visual Quality").first
    expect(row).to_be_visible()
