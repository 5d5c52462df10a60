import pytest
from django.db.models import Count
from playwright.sync_api import expect

from annotation_app.enums import RatingStatus
from annotation_app.models import Flag, Lease, Rating, RatingRevision, Score
from tests.browser.workspace import (
    instruction,
    is_complete,
    rate_item,
    score_all,
    wait_for_item,
    wait_until,
    wait_until_saved,
)
from tests.factories.world import make_annotators, make_viewable_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign():
    return make_viewable_campaign(12)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


@pytest.fixture
def page(open_page, ann, campaign):
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    return page


def test_ten_items_are_rated_by_keyboard_alone(page):
    seen = [rate_item(page, str(1 + turn % 4)) for turn in range(10)]
    wait_for_item(page)
    wait_until_saved(page)
    assert len(set(seen)) == 10
    assert Rating.objects.filter(status=RatingStatus.ACTIVE).count() == 10
    per_level = dict(Score.objects.values_list("level").annotate(n=Count("pk")))
    assert per_level == {1: 18, 2: 18, 3: 12, 4: 12}  # 3 + 3 + 2 + 2 items of 6 scores


def test_keys_score_the_dimension_then_the_next_then_the_next_candidate(page):
    page.keyboard.press("4")
    page.keyboard.press("2")
    page.keyboard.press("3")
    first, second = page.locator(".work-candidate").nth(0), page.locator(".work-candidate").nth(1)
    expect(first).to_contain_text("4·2")
    expect(second).to_contain_text("3·–")
    expect(second).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#announcer")).to_have_text("Candidate B, Instruction Following: 3")
    page.keyboard.press("u")
    expect(second).to_contain_text("–·–")
    page.keyboard.press("ArrowLeft")
    expect(first).to_have_attribute("aria-pressed", "true")


def test_the_number_pad_and_azerty_digits_score_and_key_repeat_does_not(page):
    strike = """(key) => document.body.dispatchEvent(
        new KeyboardEvent("keydown", { ...key, bubbles: true }))"""
    page.evaluate(strike, {"key": "4", "code": "Numpad4"})
    # AZERTY: the key of the digit 3 prints a quotation mark
    page.evaluate(strike, {"key": '"', "code": "Digit3"})
    first = page.locator(".work-candidate").nth(0)
    expect(first).to_contain_text("4·3")
    page.keyboard.down("2")
    page.keyboard.down("2")  # a key that is held down repeats
    page.keyboard.up("2")
    expect(page.locator(".work-candidate").nth(1)).to_contain_text("2·–")


def test_the_last_score_leaves_the_focus_on_submit_and_the_ranking_follows(page):
    for key in "442213":
        page.keyboard.press(key)
    expect(page.locator("#submit")).to_be_focused()
    # totals: A 8, B 4, C 4
    expect(page.locator("#ranking")).to_have_text("A > B = C")
    assert is_complete(page)


def test_an_incomplete_item_is_not_submitted(page):
    text = instruction(page)
    page.keyboard.press("4")
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("5 scores are missing")
    assert instruction(page) == text
    assert not Rating.objects.exists()


def test_cannot_judge_takes_a_reason(page):
    page.keyboard.press("x")
    expect(page.locator("#cannot-dialog")).to_be_visible()
    page.keyboard.press("2")
    expect(page.locator(".work-candidate").nth(0)).to_contain_text("✕·–")
    score_all(page, "2")
    page.keyboard.press("Enter")
    wait_until_saved(page)
    assert Score.objects.get(level=None).missing_reason == "instruction_unclear"


def test_flag_note_and_skip(page):
    page.keyboard.press("f")
    page.get_by_label("Personal data").check()
    page.fill("#flag-note", "A face")
    page.get_by_role("button", name="Flag", exact=True).click()
    page.keyboard.press("n")
    page.fill("#note-text", "odd shadow 123")
    page.get_by_role("button", name="Save", exact=True).click()
    text = rate_item(page)
    wait_until_saved(page)
    assert Flag.objects.get().kind == "personal_data"
    assert RatingRevision.objects.get().note == "odd shadow 123"
    wait_for_item(page)
    second = instruction(page)
    assert second != text
    page.keyboard.press("k")
    page.fill("#skip-reason", "Too dark")
    page.get_by_role("button", name="Skip", exact=True).click()
    expect(page.locator("#instruction")).not_to_have_text(second)
    wait_until_saved(page)
    assert Lease.objects.filter(outcome="skipped").count() == 1


def test_undo_reaches_back_over_the_last_submit_and_keeps_the_slot(page):
    text = rate_item(page, "1")
    wait_until_saved(page)
    expect(page.locator("#instruction")).not_to_have_text(text)
    other = instruction(page)
    page.keyboard.press("u")
    expect(page.locator("#instruction")).to_have_text(text)
    page.keyboard.press("4")
    page.locator("#submit").click()
    expect(page.locator("#instruction")).to_have_text(other)
    wait_until_saved(page)
    rating = Rating.objects.get()
    assert [r.cause for r in rating.revisions.order_by("number")] == ["submit", "undo"]
    levels = rating.current_revision.scores.values_list("level", flat=True)
    assert sorted(levels) == [1, 1, 1, 1, 1, 4]


def test_holding_space_shows_the_source_in_place_without_a_blank(page):
    overlay = page.locator(".work-overlay")
    expect(overlay).to_be_hidden()
    page.keyboard.down("Space")
    expect(overlay).to_be_visible()
    page.keyboard.up("Space")
    expect(overlay).to_be_hidden()
    page.keyboard.press("s")
    expect(page.locator("#swipe-line")).to_be_visible()
    page.keyboard.press("d")
    expect(page.locator(".work-map")).to_be_visible()
    page.keyboard.press("d")
    rate_item(page)
    wait_until_saved(page)
    aids = RatingRevision.objects.get().aids
    assert aids["1"] == {"source": 1, "swipe": 1, "difference": 1}


def test_wheel_and_keys_zoom_both_panes_together(page):
    def transforms():
        return page.evaluate(
            "() => [...document.querySelectorAll('.work-stage')].map((s) => s.style.transform)"
        )

    fitted = transforms()
    page.keyboard.press("+")
    zoomed = transforms()
    assert zoomed[0] == zoomed[1] != fitted[0]
    page.locator("#pane-source").hover()
    page.mouse.wheel(0, -300)
    wait_until(page, lambda: transforms()[0] == transforms()[1] != zoomed[0])
    page.keyboard.press("p")
    expect(page.locator("#zoom")).to_have_text("100 %")
    page.keyboard.press("r")
    assert transforms() == fitted


def test_the_pointer_alone_is_enough(page):
    for letter in range(3):
        page.locator(".work-candidate").nth(letter).click()
        page.locator("[data-dimension=if] .work-level").nth(1).click()
        page.locator("[data-dimension=vq] .work-level").nth(3).click()
    page.locator("#submit").click()
    wait_until_saved(page)
    assert Score.objects.filter(dimension__key="if", level=3).count() == 3
    assert Score.objects.filter(dimension__key="vq", level=1).count() == 3


def test_touch_works_on_a_tablet(open_page, ann, campaign):
    page = open_page(
        ann,
        f"/campaigns/{campaign.slug}/work/",
        viewport={"width": 820, "height": 1180},
        has_touch=True,
    )
    wait_for_item(page)
    for letter in range(3):
        page.locator(".work-candidate").nth(letter).tap()
        page.locator("[data-dimension=if] .work-level").nth(0).tap()
        page.locator("[data-dimension=vq] .work-level").nth(0).tap()
    page.locator("#submit").tap()
    wait_until_saved(page)
    assert Score.objects.filter(level=4).count() == 6
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_own_keys_hold(page, ann, open_page, campaign):
    ann.keymap = {"undo": "z"}
    ann.save()
    other = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(other)
    other.keyboard.press("4")
    other.keyboard.press("z")
    expect(other.locator(".work-candidate").nth(0)).to_contain_text("–·–")


def test_the_guideline_opens_beside_the_work(page):
    page.keyboard.press("g")
    expect(page.locator("#guideline-text h1")).to_have_text("Rating image edits")
    image = page.locator("#guideline-text img").first
    assert image.evaluate("async (i) => (await i.decode(), i.naturalWidth)") == 360
    page.locator("#guideline-dialog button").click()
    page.keyboard.press("4")
    expect(page.locator(".work-candidate").nth(0)).to_contain_text("4·–")


def test_the_history_reopens_a_rating(page, open_page, ann, campaign):
    text = rate_item(page, "2")
    wait_until_saved(page)
    history = open_page(ann, f"/campaigns/{campaign.slug}/history/")
    history.get_by_role("link", name="Change").click()
    expect(history.locator("#instruction")).to_have_text(text)
    history.keyboard.press("4")
    history.locator("#submit").click()
    wait_until_saved(history)
    assert RatingRevision.objects.count() == 2


def test_when_nothing_is_left_the_page_says_so(page):
    for _ in range(12):
        rate_item(page)
    expect(page.locator("#idle-title")).to_have_text(
        "There are no more items for you in this campaign right now."
    )
    assert Rating.objects.count() == 12
