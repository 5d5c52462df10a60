"""Shared browsers, sick disks, pauses and pages left behind: nothing is lost, nothing strays."""

import pytest
from playwright.sync_api import expect

from annotation_app.enums import CampaignState
from annotation_app.models import Campaign, Lease, Rating, RatingRevision
from tests.browser.conftest import give_session
from tests.browser.workspace import (
    instruction,
    rate_item,
    score_all,
    wait_for_item,
    wait_until_saved,
)
from tests.factories.world import make_annotators, make_viewable_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_DATABASE = "Object.defineProperty(window, 'indexedDB', { get() { throw new Error('off'); } });"
FULL_DISK = """
for (const name of ["put", "delete"]) {
  IDBObjectStore.prototype[name] = () => { throw new DOMException("full", "QuotaExceededError"); };
}
"""


@pytest.fixture
def campaign():
    return make_viewable_campaign(8)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


@pytest.fixture
def page(open_page, ann, campaign):
    page = open_page(ann, work_path(campaign))
    wait_for_item(page)
    return page


def wait_for_pictures(page):
    """Wait until the pictures of all four items in hand are there."""
    page.wait_for_function(
        "() => new Set(performance.getEntriesByType('resource').map((e) => e.name)"
        ".filter((name) => name.includes('/image/'))).size >= 16"
    )


def work_path(campaign):
    return f"/campaigns/{campaign.slug}/work/"


def test_what_waits_of_one_person_is_kept_while_another_is_signed_in(
    page, ann, campaign, live_server
):
    [ben] = make_annotators(campaign, 1)
    page.context.clear_cookies(name="sessionid")
    text = rate_item(page)
    expect(page.locator("#save-state")).to_contain_text("signed out, 1 waiting")
    give_session(page.context, ben, live_server.url)
    expect(page.locator("#notices")).to_contain_text("signed out")
    bens = page.context.new_page()
    bens.goto(work_path(campaign))
    wait_for_item(bens)
    assert instruction(bens) != text
    expect(bens.locator(".work-candidate-scores").first).to_have_text("–·–")
    rate_item(bens)
    wait_until_saved(bens)
    assert Rating.objects.get().annotator == ben
    page.wait_for_timeout(2500)  # the outbox has tried again meanwhile
    expect(page.locator("#save-state")).to_contain_text("1 waiting")
    give_session(page.context, ann, live_server.url)
    wait_until_saved(page)
    assert Rating.objects.get(annotator=ann).campaign_item.item.instruction == text


def test_a_page_of_one_person_takes_no_item_as_another(page, campaign, live_server):
    [ben] = make_annotators(campaign, 1)
    wait_for_pictures(page)
    page.context.clear_cookies(name="sessionid")
    give_session(page.context, ben, live_server.url)
    for _ in range(4):
        rate_item(page)
    expect(page.locator("#idle-title")).to_contain_text("Someone else has signed in")
    assert not Lease.objects.filter(annotator=ben).exists()
    assert not Rating.objects.exists()


@pytest.mark.parametrize("sickness", [NO_DATABASE, FULL_DISK])
def test_a_browser_that_keeps_nothing_still_works_and_says_so(open_page, ann, campaign, sickness):
    page = open_page(ann, "/preferences/")
    page.add_init_script(sickness)
    page.goto(work_path(campaign))
    rate_item(page)
    wait_until_saved(page)
    assert Rating.objects.count() == 1
    wait_for_item(page)
    page.route("**/submit", lambda route: route.abort())
    rate_item(page)
    expect(page.locator("#notices")).to_contain_text("leave this page open")
    page.unroute("**/submit")
    wait_until_saved(page)
    assert Rating.objects.count() == 2


def test_an_answer_that_is_an_error_of_the_site_holds_back_its_own_item_alone(page):
    first = []

    def stumble(route):
        token = route.request.url.split("/")[-2]
        first[:] = first or [token]
        if token == first[0] and len(first) < 4:
            first.append(token)
            route.fulfill(status=500, body="oops")
        else:
            route.continue_()

    page.route("**/submit", stumble)
    for _ in range(3):
        rate_item(page)
    wait_until_saved(page)
    assert len(first) == 4
    assert Rating.objects.count() == 3


def test_what_waits_is_sent_although_the_campaign_was_paused(page, campaign):
    page.route("**/submit", lambda route: route.abort())
    rate_item(page)
    expect(page.locator("#save-state")).to_contain_text("offline, 1 waiting")
    page.close()
    Campaign.objects.update(state=CampaignState.PAUSED)
    again = page.context.new_page()
    again.goto(work_path(campaign))
    expect(again.locator("h2")).to_contain_text("nothing to rate")
    expect(again.locator("#delivery")).to_contain_text("have been sent")
    assert Rating.objects.count() == 1


def test_going_back_shows_no_item_that_was_submitted(page):
    text = rate_item(page)
    wait_until_saved(page)
    page.get_by_role("link", name="history", exact=True).click()
    expect(page.locator("h1")).to_have_text("Your last seven days")
    page.go_back()
    wait_for_item(page)
    assert instruction(page) != text


def test_a_reload_keeps_a_change_that_was_not_saved(page):
    text = rate_item(page, "1")
    wait_until_saved(page)
    expect(page.locator("#instruction")).not_to_have_text(text)
    page.keyboard.press("d")  # an aid of the next item
    page.keyboard.press("u")
    expect(page.locator("#instruction")).to_have_text(text)
    page.keyboard.press("4")
    page.keyboard.press("2")
    page.wait_for_timeout(200)
    page.reload()
    expect(page.locator("#instruction")).to_have_text(text)
    expect(page.locator(".work-candidate-scores").first).to_have_text("4·2")
    page.locator("#submit").click()
    wait_until_saved(page)
    assert RatingRevision.objects.count() == 2
    wait_for_item(page)
    assert "change" not in page.url


def test_a_draft_that_never_got_there_is_sent_after_a_reload(page):
    page.route("**/draft", lambda route: route.abort())
    page.keyboard.press("4")
    expect(page.locator("#save-state")).to_contain_text("draft kept here")
    page.unroute("**/draft")
    page.reload()
    wait_for_item(page)
    wait_until_saved(page)
    assert Lease.objects.filter(draft_number__gt=0).count() == 1


def test_a_draft_that_the_server_refuses_is_not_called_saved(page):
    page.route("**/draft", lambda route: route.fulfill(status=400, json={"message": "no"}))
    page.keyboard.press("4")
    expect(page.locator("#save-state")).to_have_text("draft kept in this browser only")


def test_whoever_is_signed_out_is_not_told_that_nothing_is_left(page, ann, live_server):
    wait_for_pictures(page)
    page.context.clear_cookies(name="sessionid")
    for _ in range(4):
        rate_item(page)
    expect(page.locator("#idle-title")).to_contain_text("signed out")
    give_session(page.context, ann, live_server.url)
    wait_until_saved(page)
    wait_for_item(page)
    assert Rating.objects.count() == 4


def test_the_page_goes_on_by_itself_when_the_network_is_back(open_page, ann, campaign):
    page = open_page(ann, "/preferences/")
    page.route("**/next", lambda route: route.abort())
    page.goto(work_path(campaign))
    expect(page.locator("#idle-title")).to_contain_text("offline")
    page.unroute("**/next")
    page.evaluate("dispatchEvent(new Event('online'))")
    wait_for_item(page)


def test_a_refused_reload_of_the_last_submit_leaves_the_item_in_hand(page):
    rate_item(page)
    wait_until_saved(page)
    page.reload()
    wait_for_item(page)
    text = instruction(page)
    Rating.objects.update(closed_at="2026-01-01T00:00Z")
    page.keyboard.press("u")
    expect(page.locator("#notices")).to_contain_text("closed")
    assert instruction(page) == text
    score_all(page)
    page.keyboard.press("Enter")
    wait_until_saved(page)
    assert Rating.objects.count() == 2


def test_the_browser_that_scored_last_has_the_servers_draft(page, open_page, ann, campaign):
    other = open_page(ann, work_path(campaign))
    wait_for_item(other)
    assert instruction(other) == instruction(page)
    for key in "4443":
        page.keyboard.press(key)
    wait_until_saved(page)
    other.keyboard.press("1")
    wait_until_saved(other)
    [scores] = Lease.objects.exclude(draft={}).values_list("draft__scores", flat=True)
    assert scores == {"1": {"if": 1}}
