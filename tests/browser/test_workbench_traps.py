"""Keys, focus and dialogs where a tired hand goes wrong."""

import pytest
from playwright.sync_api import expect

from annotation_app.models import Flag, Rating
from tests.browser.workspace import (
    instruction,
    is_complete,
    rate_item,
    score_all,
    wait_for_item,
    wait_until_saved,
)
from tests.factories.world import make_annotators, make_viewable_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign():
    return make_viewable_campaign(8)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


@pytest.fixture
def page(open_page, ann, campaign):
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    return page


def scores(page):
    return page.locator(".work-candidate-scores").all_inner_texts()


def test_the_digit_that_names_a_reason_scores_nothing_else(page):
    page.keyboard.press("4")
    page.keyboard.press("x")
    page.keyboard.press("2")  # a reason; also the key of a level
    page.wait_for_timeout(200)
    assert scores(page) == ["4·✕", "–·–", "–·–"]
    page.keyboard.press("u")
    assert scores(page) == ["4·–", "–·–", "–·–"]


def test_holding_space_after_the_last_score_compares_and_does_not_submit(page):
    text = instruction(page)
    score_all(page)
    expect(page.locator("#submit")).to_be_focused()
    page.keyboard.down("Space")
    expect(page.locator(".work-overlay")).to_be_visible()
    page.keyboard.up("Space")
    page.wait_for_timeout(200)
    assert instruction(page) == text
    assert not Rating.objects.exists()


SEND_KEY = """([kind, key, code]) => document.body.dispatchEvent(
  new KeyboardEvent(kind, { key, code, bubbles: true, cancelable: true }))"""


@pytest.mark.parametrize(
    ("key", "pressed", "let_go"),
    [
        ("o", ("щ", "KeyO"), ("щ", "KeyO")),
        ("o", ("щ", "KeyO"), ("o", "KeyO")),
        ("o", ("o", "KeyO"), ("O", "KeyO")),
        ("?", ("?", "Slash"), ("/", "Slash")),
        ("o", ("o", ""), ("o", "")),
    ],
)
def test_no_key_sticks_on_another_layout(open_page, ann, campaign, key, pressed, let_go):
    # what a key prints may change while it is down: the layout, or Shift let go before it
    ann.keymap = {"source": key}
    ann.save(update_fields=["keymap"])
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    page.evaluate(SEND_KEY, ["keydown", *pressed])
    expect(page.locator(".work-overlay.work-shown")).to_have_count(1)
    page.evaluate(SEND_KEY, ["keyup", *let_go])
    expect(page.locator(".work-overlay.work-shown")).to_have_count(0)


def test_a_button_that_was_clicked_does_not_swallow_the_keys(page):
    page.locator(".work-candidate").nth(1).click()
    page.keyboard.down("Space")
    expect(page.locator(".work-overlay")).to_be_visible()
    page.keyboard.up("Space")
    page.locator("#tool-fit").click()
    score_all(page)
    text = instruction(page)
    page.locator(".work-candidate").nth(1).click()
    page.keyboard.press("Enter")
    expect(page.locator("#instruction")).not_to_have_text(text)


def test_a_level_that_was_clicked_does_not_swallow_the_arrows(page):
    page.locator("[data-dimension=if] .work-level").nth(0).click()
    page.keyboard.press("ArrowDown")
    page.wait_for_timeout(100)
    assert scores(page)[0] == "4·–"


def test_a_button_reached_by_tab_is_pressed_by_space(page):
    page.locator("#note-open").focus()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#flag-open")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#flag-dialog")).to_be_visible()


def test_a_dialog_about_an_item_that_another_tab_finished_touches_no_other_item(page):
    second = page.context.new_page()
    second.goto(page.url)
    wait_for_item(second)
    text = instruction(page)
    assert instruction(second) == text
    second.keyboard.press("f")
    expect(second.locator("#flag-dialog")).to_be_visible()
    rate_item(page)
    wait_until_saved(page)
    expect(second.locator("#instruction")).not_to_have_text(text)
    expect(second.locator("#flag-dialog")).to_be_hidden()
    assert not Flag.objects.exists()


def test_undo_works_when_nothing_is_left(page):
    for _ in range(8):
        last = rate_item(page)
    expect(page.locator("#idle-title")).to_contain_text("There are no more items")
    wait_until_saved(page)
    page.keyboard.press("u")
    expect(page.locator("#workspace")).to_be_visible()
    expect(page.locator("#instruction")).to_have_text(last)


def test_undo_after_a_reload_takes_back_the_last_score_then_the_last_submit(page):
    text = rate_item(page)
    wait_until_saved(page)
    wait_for_item(page)
    expect(page.locator("#instruction")).not_to_have_text(text)
    page.keyboard.press("4")
    page.keyboard.press("2")
    wait_until_saved(page)
    page.reload()
    wait_for_item(page)
    page.keyboard.press("u")
    assert scores(page)[0] == "4·–"
    page.keyboard.press("u")
    assert scores(page)[0] == "–·–"
    page.keyboard.press("u")
    expect(page.locator("#instruction")).to_have_text(text)
    assert is_complete(page)
