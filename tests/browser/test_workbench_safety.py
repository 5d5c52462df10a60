"""Nothing is lost: dead networks, reloads, crashes, second windows."""

import signal
from contextlib import suppress
from datetime import timedelta

import psutil
import pytest
from playwright.sync_api import expect

from annotation_app.models import Lease, Rating, RatingRevision, Task
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.rating.submission import submit_rating
from tests.browser.conftest import FLAGS, find_chromium, give_session
from tests.browser.workspace import (
    instruction,
    rate_item,
    score_all,
    wait_for_item,
    wait_until_saved,
)
from tests.factories.world import make_annotators, make_judgement, make_viewable_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign():
    return make_viewable_campaign(8)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


def work_path(campaign):
    return f"/campaigns/{campaign.slug}/work/"


def test_three_items_rated_offline_are_stored_once_each_when_the_network_is_back(
    open_page, ann, campaign
):
    page = open_page(ann, work_path(campaign))
    wait_for_item(page)
    expect(page.locator("#lease-left")).not_to_be_empty()
    page.wait_for_function("() => performance.getEntriesByType('resource')"
                           ".filter((e) => e.name.includes('/image/')).length >= 16")  # fmt: skip
    page.context.set_offline(True)
    for _ in range(3):
        rate_item(page)
    expect(page.locator("#save-state")).to_contain_text("offline, 3 waiting")
    assert not Rating.objects.exists()
    page.context.set_offline(False)
    wait_until_saved(page)
    assert Rating.objects.count() == RatingRevision.objects.count() == 3
    assert Rating.objects.values("task").distinct().count() == 3


def test_work_waiting_in_the_outbox_survives_closing_the_page(open_page, ann, campaign):
    page = open_page(ann, work_path(campaign))
    wait_for_item(page)
    page.route("**/submit", lambda route: route.abort())
    rate_item(page)
    expect(page.locator("#save-state")).to_contain_text("offline, 1 waiting")
    page.close()
    again = page.context.new_page()
    again.goto(page.url)
    wait_until_saved(again)
    assert Rating.objects.count() == 1


def test_an_answer_that_got_lost_stores_nothing_twice(open_page, ann, campaign):
    page = open_page(ann, work_path(campaign))
    wait_for_item(page)
    lost = []

    def swallow(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch())
        route.abort()

    page.route("**/submit", swallow)
    rate_item(page)
    wait_until_saved(page)
    assert len(lost) == 1
    assert Rating.objects.count() == RatingRevision.objects.count() == 1


def test_a_reload_keeps_the_draft(open_page, ann, campaign):
    page = open_page(ann, work_path(campaign))
    wait_for_item(page)
    text = instruction(page)
    for key in "43x":
        page.keyboard.press(key)
    page.keyboard.press("5")
    wait_until_saved(page)
    page.reload()
    wait_for_item(page)
    assert instruction(page) == text
    expect(page.locator(".work-candidate").nth(0)).to_contain_text("4·3")
    expect(page.locator(".work-candidate").nth(1)).to_contain_text("✕·–")


def test_a_reload_keeps_a_draft_that_never_reached_the_server(open_page, ann, campaign):
    page = open_page(ann, work_path(campaign))
    wait_for_item(page)
    page.route("**/draft", lambda route: route.abort())
    page.keyboard.press("4")
    page.keyboard.press("1")
    expect(page.locator("#save-state")).to_contain_text("draft kept here")
    page.reload()
    wait_for_item(page)
    expect(page.locator(".work-candidate").nth(0)).to_contain_text("4·1")


def kill_browser_of(folder):
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):  # gone meanwhile, with its parent
            if any(str(folder) in part for part in process.cmdline()):
                process.send_signal(signal.SIGKILL)


def test_a_killed_browser_keeps_the_draft(playwright, live_server, ann, campaign, tmp_path):
    def launched():
        context = playwright.chromium.launch_persistent_context(
            str(tmp_path / "profile"),
            executable_path=find_chromium(),
            args=FLAGS,
            viewport={"width": 1440, "height": 900},
        )
        give_session(context, ann, live_server.url)
        page = context.new_page()
        page.goto(live_server.url + work_path(campaign))
        wait_for_item(page)
        return context, page

    _, page = launched()
    page.route("**/draft", lambda route: route.abort())  # only this browser knows it
    page.keyboard.press("2")
    page.keyboard.press("4")
    expect(page.locator("#save-state")).to_contain_text("draft kept here")
    text = instruction(page)
    kill_browser_of(tmp_path)
    context, page = launched()
    assert instruction(page) == text
    expect(page.locator(".work-candidate").nth(0)).to_contain_text("2·4")
    context.close()


def test_two_windows_on_one_task_give_one_result_and_a_clear_message(open_page, ann, campaign):
    first = open_page(ann, work_path(campaign))
    wait_for_item(first)
    text = instruction(first)
    second = open_page(ann, work_path(campaign))  # another browser: it hears nothing of the first
    wait_for_item(second)
    assert instruction(second) == text
    rate_item(first, "4")
    wait_until_saved(first)
    rate_item(second, "1")
    expect(second.locator("#notices")).to_contain_text("submitted in another window")
    assert Rating.objects.count() == 1
    assert set(Rating.objects.get().current_revision.scores.values_list("level", flat=True)) == {4}


def test_two_tabs_of_one_browser_tell_each_other(open_page, ann, campaign):
    first = open_page(ann, work_path(campaign))
    wait_for_item(first)
    second = first.context.new_page()
    second.goto(first.url)
    wait_for_item(second)
    text = instruction(first)
    assert instruction(second) == text
    rate_item(first)
    expect(second.locator("#notices")).to_contain_text("submitted in another window")
    expect(second.locator("#instruction")).not_to_have_text(text)


def test_a_late_submit_that_somebody_beat_is_kept_and_the_page_says_so(open_page, ann, campaign):
    page = open_page(ann, work_path(campaign))
    wait_for_item(page)
    score_all(page)
    wait_until_saved(page)
    text = instruction(page)
    lease = Lease.objects.get(task__campaign_item__item__instruction=text)
    later = lease.expires_at + timedelta(minutes=1)
    [ben] = make_annotators(campaign, 1)
    while True:
        other = lease_next_task(annotator=ben, campaign=campaign, now=later)
        submit_rating(lease=other, judgement=make_judgement(other), now=later)
        if other.task_id == lease.task_id:
            break
    page.keyboard.press("Enter")
    expect(page.locator("#notices")).to_contain_text("kept and paid, but not counted")
    mine = Rating.objects.get(annotator=ann)
    assert mine.status == "superseded"
    assert Task.objects.get(pk=lease.task_id).ratings.filter(status="active").get().annotator == ben


def test_whoever_is_signed_out_keeps_everything_and_is_asked_to_give_session(
    open_page, ann, campaign, live_server
):
    page = open_page(ann, work_path(campaign))
    wait_for_item(page)
    page.context.clear_cookies(name="sessionid")
    rate_item(page)
    expect(page.locator("#notices")).to_contain_text("signed out")
    assert not Rating.objects.exists()
    give_session(page.context, ann, live_server.url)
    wait_until_saved(page)
    assert Rating.objects.count() == 1


SLOW_STORE = """
const complete = Object.getOwnPropertyDescriptor(IDBTransaction.prototype, "oncomplete");
Object.defineProperty(IDBTransaction.prototype, "oncomplete", {
  get: complete.get,
  set(heard) {
    const wait = this.mode === "readonly" ? 400 : 0;
    complete.set.call(this, (event) => setTimeout(() => heard.call(this, event), wait));
  },
});
"""


def test_an_answer_that_comes_while_an_item_is_being_opened_loses_no_item(open_page, ann, campaign):
    page = open_page(ann, work_path(campaign))
    page.add_init_script(SLOW_STORE)  # answers come while the next item's draft is being read
    page.reload()
    for _ in range(8):
        rate_item(page)
    expect(page.locator("#idle-title")).to_have_text(
        "There are no more items for you in this campaign right now."
    )
    wait_until_saved(page)
    assert Rating.objects.count() == 8
