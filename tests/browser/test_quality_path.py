"""An annotator's whole path: trained, fails, retries, works, is paused by gold, trained again,
and a reviewer decides what was disputed.
"""

from datetime import timedelta

import pytest
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
from annotation_app.services.leasing import release_lease
from annotation_app.services.members import add_member
from annotation_app.services.people.invitations import invite
from annotation_app.services.quality.lessons import save_lesson
from annotation_app.services.quality.plans import set_quality_plan
from annotation_app.services.quality_checks import run_quality_checks
from tests.browser.bench import is_complete, wait_for_item, wait_until_saved
from tests.factories.gold import answer_next, make_gold, right_level, seeded
from tests.factories.world import PASSWORD, make_user, make_viewable_campaign

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
    """Score the item on the bench by keyboard: the right levels by id, or their opposite."""
    wait_for_item(page)
    lease = user.leases.get(token=page.get_attribute("#bench", "data-token"))
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
    ann = is_invited(page, ada, campaign)
    is_trained_with_feedback(page, ann)
    fails_waits_and_qualifies_on_other_items(page, ann)
    work = works(page, ann)
    is_paused_by_gold(page, ann, campaign, work)
    desk = open_page(ada, f"/campaigns/{campaign.slug}/quality/")
    is_trained_again(page, ann, desk)
    case = is_contradicted(campaign, work)
    reviewer = member(campaign, "rev", Role.REVIEWER)
    court = open_page(reviewer, f"/campaigns/{campaign.slug}/review/")
    is_decided(court, reviewer, case)


def is_invited(page, admin, campaign):
    """A stranger opens the link, makes an account and is a member."""
    made = invite(
        actor=admin,
        campaign=campaign,
        email="ann@example.org",
        role=Role.ANNOTATOR,
        now=timezone.now(),
    )
    page.goto(f"/invitations/{made.token}/")
    page.fill("input[name=username]", "ann")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="Make the account and join").click()
    page.wait_for_url("**/")
    page.goto("/")
    return User.objects.get(username="ann")


def is_trained_with_feedback(page, ann):
    page.get_by_role("link", name="To the training").click()
    rate(page, ann, knows=False)
    page.wait_for_url("**/training/**", wait_until="commit")
    # right levels 4, 1, 3, 2 against 1, 4, 2, 3: two candidates lie one level apart
    expect(page.get_by_text("4 of 8 scores agree")).to_be_visible()
    expect(page.get_by_text("The colour is right.")).to_be_visible()
    page.get_by_role("link", name="To the test").click()


def fails_waits_and_qualifies_on_other_items(page, ann):
    page.get_by_role("button", name="Begin the test").click()
    for _ in range(3):
        rate(page, ann, knows=False)
    page.wait_for_url("**/qualification/", wait_until="commit")
    expect(page.get_by_text("Not passed")).to_be_visible()
    expect(page.get_by_text("The next attempt at the test opens")).to_be_visible()
    QualificationAttempt.objects.update(ended_at=timezone.now() - timedelta(days=2))
    page.reload()
    page.get_by_role("button", name="Begin the test").click()
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
    page.goto("/")
    for lease in ann.leases.filter(ended_at=None):  # fetched ahead
        release_lease(lease=lease, now=timezone.now())
    set_quality_plan(actor=None, campaign=campaign, changes={"gold_share": 1.0})
    for turn in range(5):
        run_quality_checks(campaign=campaign, now=timezone.now(), rng=seeded(turn))
        answer_next(campaign, ann, knows=False, now=timezone.now(), draws=[0.5])
    run_quality_checks(campaign=campaign, now=timezone.now(), rng=seeded(9))
    assert Membership.objects.get(user=ann).status == MembershipStatus.PAUSED
    rerate = Task.objects.filter(purpose=Purpose.RERATE)
    assert {task.campaign_item_id for task in rerate} == {one.campaign_item_id for one in work}
    page.goto(f"/campaigns/{campaign.slug}/work/")
    expect(page.get_by_text("is no fault")).to_be_visible()
    set_quality_plan(
        actor=None,
        campaign=campaign,
        changes={"gold_share": 0.0, "qualification_required": False},
    )


def is_trained_again(page, ann, desk):
    desk.get_by_role("link", name="Open ann").click()
    desk.get_by_text("Train again", exact=True).click()
    desk.get_by_role("button", name="Yes, train again").click()
    expect(desk.get_by_text("trained and tested again")).to_be_visible()
    page.goto("/")
    expect(page.get_by_text("Welcome back")).to_be_visible()
    page.get_by_role("link", name="To the training").click()
    rate(page, ann, knows=True)
    page.wait_for_url("**/training/**", wait_until="commit")
    expect(page.get_by_text("8 of 8 scores agree")).to_be_visible()
    page.get_by_role("link", name="Rate items").click()
    wait_for_item(page)


def is_contradicted(campaign, work):
    """A second rater of the re-rated slots says the opposite: a dispute opens."""
    set_quality_plan(actor=None, campaign=campaign, changes={"training_required": False})
    other = member(campaign, "ben", Role.ANNOTATOR)
    answer_next(campaign, other, knows=False, now=timezone.now())
    run_quality_checks(campaign=campaign, now=timezone.now(), rng=seeded(10))
    case = ReviewCase.objects.get()
    assert case.campaign_item_id in set(work.values_list("campaign_item", flat=True))
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
