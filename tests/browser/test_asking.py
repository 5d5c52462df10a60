"""Asking about the item in hand: from the workbench into the item's talk and back."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from annotation_app.enums import Design, Purpose, Role
from annotation_app.models import Rating, Thread, ThreadMessage
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.people.members import add_member
from annotation_app.services.queue.extra_slots import add_open_slot
from annotation_app.services.rating.submission import submit_rating
from annotation_app.services.reviewing.threads import answer_thread, say_as_annotator
from tests.browser.workspace import instruction, rate_item, wait_for_item, wait_until_saved
from tests.factories.world import (
    NOON,
    make_annotators,
    make_judgement,
    make_user,
    make_viewable_campaign,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign():
    campaign = make_viewable_campaign(4)
    campaign.shows_others_after_close = True
    campaign.save()
    return campaign


def test_a_key_opens_the_talk_about_the_item_in_hand_and_the_work_stays(open_page, campaign):
    [ann] = make_annotators(campaign, 1)
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    page.keyboard.press("4")
    text = instruction(page)
    with page.context.expect_page() as opened:
        page.keyboard.press("q")
    talk = opened.value
    expect(talk.get_by_role("heading", level=1)).to_have_text(text)
    expect(talk.get_by_text("only the campaign's reviewers and admins can read")).to_be_visible()
    talk.get_by_label("About").select_option(label="Exclusivity")
    talk.get_by_label("Your question").fill("Is the shadow part of it?")
    talk.get_by_role("button", name="Send").click()
    expect(talk.get_by_text("Is the shadow part of it?")).to_be_visible()
    message = ThreadMessage.objects.get()
    assert (message.before_rating, message.criterion.key) == (True, "exclusivity")
    assert str(message.lease.token) == page.get_attribute("#workspace", "data-token")
    rate_item(page)  # the 4 is still there: the rest is rated, and the rating is open
    wait_until_saved(page)
    assert Rating.objects.get(annotator=ann).closed_at is None
    wait_for_item(page)
    token = page.get_attribute("#workspace", "data-token")
    assert str(token) in page.get_attribute("#ask-open", "href")
    page.get_by_role("button", name="All keys").click()
    expect(page.get_by_text("ask the reviewers about the item")).to_be_visible()


def other_slot(lease, person):
    """Another slot of the same item, leased by somebody else."""
    add_open_slot(
        campaign_item=lease.task.campaign_item,
        purpose=Purpose.CROSS_CHECK,
        design=Design.CSP,
        probability=1.0,
        now=NOON,
    )
    found = lease_next_task(annotator=person, campaign=lease.task.campaign, now=timezone.now())
    assert found.task.campaign_item_id == lease.task.campaign_item_id
    return found


def test_the_talk_opened_before_rating_shows_nothing_that_others_gave(open_page, campaign):
    ann, ben = make_annotators(campaign, 2)
    reviewer = make_user()
    add_member(actor=None, campaign=campaign, user=reviewer, role=Role.REVIEWER)
    page = open_page(ann, f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    mine = ann.leases.get(token=page.get_attribute("#workspace", "data-token"))
    # the same item, rated and talked about by somebody else in another slot
    theirs = other_slot(mine, ben)
    submit_rating(lease=theirs, judgement=make_judgement(theirs, (1, 1)), now=NOON)
    say_as_annotator(lease=theirs, text="I gave ones.", now=NOON)
    thread = Thread.objects.get()
    answer_thread(actor=reviewer, thread=thread, text="These are twos.", lease=None, now=NOON)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="ask").click()
    expect(opened.value.get_by_text("No messages yet.")).to_be_visible()
    assert "gave ones" not in opened.value.content()
    assert "twos" not in opened.value.content()
