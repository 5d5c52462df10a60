"""What must stay in sight: the instruction, what is chosen, transparent pictures as they are."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image as Picture
from playwright.sync_api import expect

from annotation_app.enums import NoteKind
from annotation_app.models import AnnotatorNote, Candidate, Image, Item, Membership
from tests.browser.workspace import rate_item, wait_for_item, wait_until_saved
from tests.factories.world import make_annotators, make_picture, make_viewable_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DESK = {"width": 1440, "height": 900}
TABLET = {"width": 820, "height": 1180}
LANDSCAPE = {"width": 1180, "height": 820}
ZOOMED = {"width": 720, "height": 450}  # 1440 × 900 at 200 %
ARABIC = "اجعل السماء زرقاء داكنة وأزل الشخص الواقف في الخلفية دون تغيير أي شيء آخر. "


@pytest.fixture
def campaign():
    return make_viewable_campaign(4, k=7)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


@pytest.fixture
def opened(open_page, ann, campaign):
    def opened(**options):
        page = open_page(ann, f"/campaigns/{campaign.slug}/work/", **options)
        wait_for_item(page)
        return page

    return opened


def overlap(page, one, other):
    """The area in pixels that two elements share."""
    a, b = (page.locator(name).first.bounding_box() for name in (one, other))
    across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
    down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
    return max(0, across) * max(0, down)


@pytest.mark.parametrize("viewport", [DESK, LANDSCAPE, TABLET])
def test_no_notice_covers_the_instruction_or_the_candidate(opened, viewport):
    page = opened(viewport=viewport)
    page.keyboard.press("Enter")
    expect(page.locator(".work-notice")).to_have_text("14 scores are missing.×")
    assert overlap(page, ".work-notice", "#instruction") == 0
    assert overlap(page, ".work-notice", "#pane-candidate") == 0
    page.get_by_role("button", name="Dismiss").click()
    expect(page.locator(".work-notice")).to_have_count(0)


@pytest.mark.parametrize("viewport", [DESK, LANDSCAPE, TABLET, ZOOMED])
def test_the_instruction_stays_in_sight_and_the_page_never_scrolls_sideways(opened, viewport):
    Item.objects.update(instruction=ARABIC * 20, instruction_language="ar")
    page = opened(viewport=viewport)
    page.evaluate("scrollTo(0, 99999)")
    page.wait_for_timeout(100)
    box = page.locator("#instruction").bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] < viewport["height"] / 2
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    expect(page.locator("#instruction")).to_have_attribute("lang", "ar")
    direction = page.locator("#instruction").evaluate("(e) => getComputedStyle(e).direction")
    assert direction == "rtl"
    assert [v["id"] for v in Axe().run(page).response["violations"]] == []


def test_the_next_item_starts_at_the_top_on_a_tablet(opened):
    page = opened(viewport=ZOOMED)
    page.evaluate("scrollTo(0, 99999)")
    text = rate_item(page)
    expect(page.locator("#instruction")).not_to_have_text(text)
    page.wait_for_function("() => scrollY === 0")


def test_what_is_chosen_shows_in_the_systems_contrast_colours(opened):
    page = opened(forced_colors="active")
    page.keyboard.press("4")
    page.keyboard.press("ArrowLeft")

    def border(name):
        return page.locator(name).evaluate("(e) => getComputedStyle(e).borderTopColor")

    def ground(name):
        return page.locator(name).evaluate("(e) => getComputedStyle(e).backgroundColor")

    chosen = ".work-level:has(input:checked) .work-level-value"
    other = "[data-dimension=vq] .work-level:nth-of-type(1) .work-level-value >> nth=0"
    assert ground(chosen) != ground(other)
    assert border(".work-active") != border(".work-dimension:not(.work-active)")
    assert border("[aria-pressed=true].work-candidate") != border(".work-candidate >> nth=1")
    assert ground("#pane-candidate") == "rgb(128, 128, 128)"


def test_a_transparent_source_is_opaque_in_the_candidates_place(opened):
    picture = Picture.new("RGBA", (320, 240), (200, 0, 0, 0))
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=True)
    name = default_storage.save("images/alpha.webp", ContentFile(buffer.getvalue()))
    Image.objects.filter(items__isnull=False).update(file=name, has_alpha=True)
    page = opened()
    page.keyboard.press("s")
    expect(page.locator(".work-overlay")).to_be_visible()
    for name in (".work-overlay", "#pane-source .work-stage img"):
        ground = page.locator(name).evaluate("(e) => getComputedStyle(e).backgroundImage")
        assert "conic-gradient" in ground


def test_shift_and_arrows_move_both_pictures(opened):
    page = opened()

    def transforms():
        return page.evaluate(
            "() => [...document.querySelectorAll('.work-stage')].map((s) => s.style.transform)"
        )

    page.keyboard.press("+")
    before = transforms()
    page.keyboard.press("Shift+ArrowRight")
    after = transforms()
    assert after[0] == after[1] != before[0]
    expect(page.locator(".work-candidate").first).to_have_attribute("aria-pressed", "true")


def test_letters_work_where_the_keyboard_prints_another_script(opened):
    page = opened()
    page.keyboard.press("4")
    page.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent(
            "keydown", { key: "г", code: "KeyU", bubbles: true }))"""
    )
    expect(page.locator(".work-candidate-scores").first).to_have_text("–·–")


def test_moving_on_is_told_to_screen_readers(opened):
    page = opened()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#announcer")).to_have_text("Candidate B, Instruction Following")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#announcer")).to_have_text("Candidate B, Visual Quality")


def test_the_guideline_scrolls_by_keyboard_and_closes_by_escape(opened):
    page = opened()
    page.keyboard.press("g")
    expect(page.locator("#guideline-text")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".work-active legend")).to_have_text("Instruction Following")
    page.keyboard.press("3")
    expect(page.locator(".work-candidate-scores").first).to_have_text("3·–")
    page.keyboard.press("Escape")
    expect(page.locator("#guideline-dialog")).to_be_hidden()


def test_a_note_of_the_reviewers_can_be_read_away(open_page, ann, campaign):
    membership = Membership.objects.get(user=ann)
    AnnotatorNote.objects.create(
        membership=membership, kind=NoteKind.SPEED, created_at=timezone.now()
    )
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    for _ in range(4):  # other notices do not push it out
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Got it", exact=True).click()
    expect(page.locator("#notices")).not_to_contain_text("only a few seconds")
    assert AnnotatorNote.objects.get().read_at is not None


def test_correcting_a_candidate_with_two_keys_touches_no_other(opened):
    page = opened()
    page.keyboard.press("4")
    page.keyboard.press("4")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("2")
    page.keyboard.press("1")
    expect(page.locator(".work-candidate-scores").nth(0)).to_have_text("2·1")
    expect(page.locator(".work-candidate-scores").nth(1)).to_have_text("–·–")
    expect(page.locator(".work-candidate").nth(1)).to_have_attribute("aria-pressed", "true")
    wait_until_saved(page)


def test_the_difference_map_says_when_sizes_differ(opened):
    Candidate.objects.update(image=make_picture((10, 200, 10), (400, 240)))
    page = opened()
    page.keyboard.press("d")
    expect(page.locator("#viewer-word")).to_contain_text("320 × 240 and 400 × 240")
    expect(page.locator(".work-map")).to_have_count(0)
    expect(page.locator("#candidate-name")).to_contain_text("400 × 240")


def test_the_difference_map_of_a_large_picture_is_exact_to_its_last_row(opened):
    size = (3000, 4001)  # more rows than are read at a time, and a rest
    edited = Picture.new("RGB", size, (90, 90, 90))
    edited.putpixel((2999, 4000), (90, 100, 90))
    buffer = io.BytesIO()
    edited.save(buffer, "WEBP", lossless=True)
    name = default_storage.save("images/large.webp", ContentFile(buffer.getvalue()))
    after = make_picture((90, 90, 91), size)
    Image.objects.filter(pk=after.pk).update(file=name)
    Candidate.objects.update(image=after)
    Item.objects.update(source_image=make_picture((90, 90, 90), size))
    page = opened()
    page.keyboard.press("d")
    expect(page.locator(".work-map")).to_be_visible()
    pixel = page.locator(".work-map").evaluate(
        "(map, [x, y]) => [...map.getContext('2d').getImageData(x, y, 1, 1).data]", [2999, 4000]
    )
    assert pixel == [0, 40, 0, 255]  # ten levels of green, four times
