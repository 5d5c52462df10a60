"""Languages, themes and accessibility of the annotator's pages."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from annotation_app.models import Item, Score
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.rating.submission import submit_rating
from tests.browser.workspace import rate_item, wait_for_item, wait_until_saved
from tests.factories.world import (
    make_annotators,
    make_judgement,
    make_user,
    make_viewable_campaign,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign():
    return make_viewable_campaign(6)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


def violations(page):
    found = Axe().run(page).response["violations"]
    return [(one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found]


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
def test_axe_finds_nothing_on_the_workbench(open_page, ann, campaign, theme):
    ann.theme = theme
    ann.save()
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/", reduced_motion="reduce")
    wait_for_item(page)
    assert violations(page) == []
    page.keyboard.press("4")
    page.keyboard.press("3")
    page.keyboard.press("s")
    assert violations(page) == []
    page.keyboard.press("?")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.locator("#guideline-text h1")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_around_it(open_page, ann, campaign, theme):
    ann.theme = theme
    ann.save()
    lease = lease_next_task(annotator=ann, campaign=campaign, now=timezone.now())
    submit_rating(lease=lease, judgement=make_judgement(lease), now=timezone.now())
    page = open_page(ann, f"/campaigns/{campaign.slug}/history/")
    for path in (
        f"/campaigns/{campaign.slug}/history/",
        f"/campaigns/{campaign.slug}/guideline/",
        "/preferences/keys/",
    ):
        page.goto(path)
        assert violations(page) == [], path


def test_a_run_in_chinese(open_page, ann, campaign):
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/", locale="zh-CN")
    wait_for_item(page)
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("#rubric")).to_contain_text("指令遵循")
    expect(page.locator("#rubric")).to_contain_text("与要求完全一致")
    page.keyboard.press("4")
    expect(page.locator("#announcer")).to_contain_text("指令遵循")
    rate_item(page)
    wait_until_saved(page)
    assert Score.objects.count() == 6
    page.keyboard.press("g")
    expect(page.locator("#guideline-text h1")).to_have_text("图像编辑评分指南")


def test_everything_is_labelled_for_screen_readers(open_page, ann, campaign):
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    group = page.get_by_role("radiogroup", name="Instruction Following")
    assert group.get_by_role("radio").count() == 4
    best = group.get_by_role("radio", name="4 Very good Exactly what was asked")
    best.focus()
    page.keyboard.press("ArrowDown")  # native: selects without leaving the group
    expect(group.get_by_role("radio", name="3 Relatively good")).to_be_checked()
    expect(page.locator("#announcer")).to_have_text("Candidate A, Instruction Following: 3")
    expect(page.get_by_role("button", name="candidate A, 3·–")).to_be_visible()
    expect(page.locator("#save-state")).to_have_attribute("role", "status")


def test_an_instruction_of_two_lines_takes_two_lines(open_page, ann, campaign):
    Item.objects.update(instruction="Make the sky red.\nThen remove the car.")
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    heights = page.locator("#instruction").evaluate(
        """shown => {
            const text = shown.firstChild, range = document.createRange();
            const top = (from, to) => {
                range.setStart(text, from);
                range.setEnd(text, to);
                return range.getBoundingClientRect().top;
            };
            return [top(0, 4), top(18, 22), top(23, 30)];
        }"""
    )
    assert heights[0] < heights[1] == heights[2]


def test_a_list_shows_the_lines_of_an_instruction_and_no_more_than_four(open_page, campaign):
    Item.objects.update(instruction="\n".join(f"Step {n}." for n in range(1, 10)))
    page = open_page(make_user(superuser=True), f"/campaigns/{campaign.slug}/")
    shown = page.locator(".lines-few").first
    line = shown.evaluate("one => parseFloat(getComputedStyle(one).lineHeight)")
    assert shown.bounding_box()["height"] == pytest.approx(4 * line, abs=1)
