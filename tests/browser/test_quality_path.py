"""An annotator's whole path: trained, fails, retries, works, is paused by gold, trained again,
and a reviewer decides what was disputed.
"""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import expect

from annotation_app.enums import MembershipStatus, Purpose, Role
from annotation_app.models import (
    Adjudication,
    Membership,
    QualificationAttempt,
    Rating,
    ReviewCase,
    Task,
    User,
)
from annotation_app.services.people.members import add_member
from annotation_app.services.quality.lessons import save_lesson
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality_checks import run_quality_checks
from annotation_app.services.queue.leases import release_lease
from tests.browser.workspace import is_complete, wait_for_item, wait_until, wait_until_saved
from tests.factories.gold import make_gold, right_level, seeded
from tests.factories.world import PASSWORD, make_user, make_viewable_campaign

IN_HAND = 4  # the item in the workspace and three fetched ahead
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def campaign():
    campaign = make_viewable_campaign(24, k=4)
    gold = make_gold(campaign, 16)
    save_lesson(
        actor=make_user(),
        campaign=campaign,
        lesson=None,
        title="First steps",
        introduction="Compare with the source.",
        examples=gold[:1],
    )
    set_quality_plan(
        actor=None,
        campaign=campaign,
        changes={
            "training_required": True,
            "qualification_required": True,
            "attempt_items": 3,
            "wait_hours": 24.0,
            "fast_pause": 0,
            "fast_notice": 0,
            "fast_share": 0.0,
        },
    )
    return campaign


def member(campaign, name, role):
    user = make_user(name)
    add_member(actor=None, campaign=campaign, user=user, role=role)
    return user


def rate(page, user, *, knows):
    """Score the item in the workspace by keyboard: the right levels by id, or their opposite."""
    wait_for_item(page)
    lease = user.leases.get(token=page.get_attribute("#workspace", "data-token"))
    ranked = sorted(lease.candidate_order)
    for candidate in lease.candidate_order:
        level = right_level(ranked.index(candidate))
        for _ in range(2):
            page.keyboard.press(str(level if knows else 5 - level))
    assert is_complete(page)
    page.keyboard.press("Enter")


def test_invited_trained_failed_retried_qualified_paused_retrained_and_adjudicated(
    page, open_page, campaign
):
    ada = member(campaign, "ada", Role.ADMIN)
    desk = open_page(ada, f"/campaigns/{campaign.slug}/members/")
    ann = is_invited(page, desk)
    is_trained_with_feedback(page, ann)
    fails_waits_and_qualifies_on_other_items(page, ann)
    work = works(page, ann)
    right = {one.campaign_item_id for one in work}
    set_rules(desk, campaign, {"Share of hidden gold": "1"})
    is_paused_by_gold(page, ann, campaign, work)
    set_rules(desk, campaign, {"Share of hidden gold": "0", "Qualification test": None})
    is_trained_again(page, ann, desk, campaign)
    set_rules(desk, campaign, {"Training before production": None})
    other = member(campaign, "ben", Role.ANNOTATOR)
    window = open_page(other, f"/campaigns/{campaign.slug}/work/")
    case = is_contradicted(window, other, campaign, right)
    reviewer = member(campaign, "rev", Role.REVIEWER)
    court = open_page(reviewer, f"/campaigns/{campaign.slug}/review/")
    is_decided(court, reviewer, case)


def is_invited(page, desk):
    """A stranger opens the link of the mail, makes an account and is a member."""
    desk.get_by_label("Addresses").fill("ann@example.org")
    desk.get_by_role("button", name="Invite").click()
    expect(desk.get_by_text("1 invitation was sent")).to_be_visible()
    link = next(word for word in mail.outbox[-1].body.split() if "/invitations/" in word)
    page.goto(urlsplit(link).path)
    page.fill("input[name=username]", "ann")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Create account and join").click()
    expect(page).not_to_have_url(re.compile("/invitations/"))
    page.goto("/")
    return User.objects.get(username="ann")


def set_rules(desk, campaign, rules):
    """Change rules on the admin's page; None unticks a box."""
    desk.goto(f"/campaigns/{campaign.slug}/quality/")
    for label, value in rules.items():
        field = desk.get_by_label(label)
        if value is None:
            field.uncheck()
        else:
            field.fill(value)
    desk.get_by_role("button", name="Save the rules").click()
    expect(desk.get_by_text("The rules apply from now on.")).to_be_visible()


def is_trained_with_feedback(page, ann):
    page.get_by_role("link", name="Go to the training").click()
    rate(page, ann, knows=False)
    page.wait_for_url("**/training/**", wait_until="commit")
    # right levels 4, 1, 3, 2 against 1, 4, 2, 3: two candidates lie one level apart
    expect(page.get_by_text("4 of 8 scores agree")).to_be_visible()
    expect(page.get_by_text("The colour is right.")).to_be_visible()
    page.get_by_role("link", name="Go to the test").click()


def fails_waits_and_qualifies_on_other_items(page, ann):
    page.get_by_role("button", name="Start the test").click()
    for _ in range(3):
        rate(page, ann, knows=False)
    page.wait_for_url("**/qualification/", wait_until="commit")
    expect(page.get_by_text("Not passed")).to_be_visible()
    expect(page.get_by_text("Your next attempt at the test opens")).to_be_visible()
    QualificationAttempt.objects.update(ended_at=timezone.now() - timedelta(days=2))
    page.reload()
    page.get_by_role("button", name="Start the test").click()
    for _ in range(3):
        rate(page, ann, knows=True)
    page.wait_for_url("**/qualification/", wait_until="commit")
    expect(page.get_by_text("Passed", exact=True)).to_be_visible()
    first, second = QualificationAttempt.objects.order_by("number")
    shown = [{item.gold_item_id for item in one.items.all()} for one in (first, second)]
    assert shown[0].isdisjoint(shown[1])


def works(page, ann):
    page.get_by_role("link", name="Rate items").click()
    for _ in range(2):
        rate(page, ann, knows=True)
    wait_for_item(page)
    wait_until_saved(page)
    work = Rating.objects.filter(annotator=ann, purpose=Purpose.PRODUCTION)
    assert work.count() == 2
    return work


def is_paused_by_gold(page, ann, campaign, work):
    """Between two rounds of the schedule one item is rated wrongly, until the pause."""
    in_hand = ann.leases.filter(ended_at=None)
    wait_until(page, lambda: in_hand.count() == IN_HAND)  # none is on its way any more
    page.goto("/")
    for lease in in_hand:  # fetched ahead, before the rules changed
        release_lease(lease=lease, now=timezone.now())
    gold = Rating.objects.filter(annotator=ann, purpose=Purpose.GOLD)
    for turn in range(20):
        run_quality_checks(campaign=campaign, now=timezone.now(), rng=seeded(turn))
        if Membership.objects.get(user=ann).status == MembershipStatus.PAUSED:
            break
        page.goto(f"/campaigns/{campaign.slug}/work/")
        rate(page, ann, knows=False)
        wait_until_saved(page)
    # five wrong answers: 5 · ln(0.3 / 0.1) = 5.49 > ln(0.95 / 0.01) = 4.55
    assert gold.count() == 5
    rerate = Task.objects.filter(purpose=Purpose.RERATE)
    assert {task.campaign_item_id for task in rerate} == {
        one.campaign_item_id for one in work.all()
    }
    page.goto(f"/campaigns/{campaign.slug}/work/")
    expect(page.get_by_text("is not your fault")).to_be_visible()


def is_trained_again(page, ann, desk, campaign):
    desk.goto(f"/campaigns/{campaign.slug}/quality/")
    desk.get_by_role("link", name="Actions ann").click()
    desk.get_by_text("Train again", exact=True).click()
    desk.get_by_role("button", name="Yes, train again").click()
    expect(desk.get_by_text("trained and tested again")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("Welcome back")).to_be_visible()
    page.get_by_role("link", name="Go to the training").click()
    rate(page, ann, knows=True)
    page.wait_for_url("**/training/**", wait_until="commit")
    expect(page.get_by_text("8 of 8 scores agree")).to_be_visible()
    page.get_by_role("link", name="Rate items").click()
    wait_for_item(page)


def is_contradicted(window, other, campaign, right):
    """A second rater says the opposite of what ann said first: a dispute opens."""
    while not Rating.objects.filter(annotator=other, campaign_item__in=right).exists():
        wait_for_item(window)
        lease = other.leases.get(token=window.get_attribute("#workspace", "data-token"))
        assert lease.task.purpose == Purpose.RERATE  # what came back is served first
        rate(window, other, knows=False)  # as ann did later: only the first items are disputed
        wait_until_saved(window)
    run_quality_checks(campaign=campaign, now=timezone.now(), rng=seeded(10))
    case = ReviewCase.objects.filter(campaign_item__in=right).first()
    assert case is not None
    return case


def is_decided(court, reviewer, case):
    """Rated blind first; then the scores side by side, and the decision."""
    court.get_by_role("button", name="Take the next item").click()
    wait_for_item(court)
    assert "Rater 1" not in court.content()
    rate(court, reviewer, knows=True)
    court.wait_for_url("**/decide/", wait_until="commit")
    expect(court.get_by_text("Rater 2").first).to_be_visible()
    court.get_by_label("Why (optional)").fill("The colour bleeds.")
    court.get_by_role("button", name="Decide", exact=True).click()
    expect(court.get_by_text("these are the final scores")).to_be_visible()
    decided = Adjudication.objects.filter(campaign_item=case.campaign_item_id)
    assert decided.count() == 8
    assert not Rating.objects.filter(campaign_item=case.campaign_item_id, closed_at=None).exists()
