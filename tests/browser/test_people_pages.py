"""Pages with more on them than the one of everything: a rated pilot, lessons in an order."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from annotation_app.enums import Role, Theme
from annotation_app.models import Criterion
from annotation_app.services.assignment import lease_next_task
from annotation_app.services.campaigns.pilots import start_pilot
from annotation_app.services.people.members import add_member
from annotation_app.services.quality.lessons import save_lesson
from annotation_app.services.rating.submission import submit_rating
from annotation_app.services.reviewing.threads import say_as_annotator
from tests.factories.gold import make_gold
from tests.factories.world import (
    NOON,
    make_annotators,
    make_judgement,
    make_user,
    make_viewable_campaign,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLET = {"width": 820, "height": 1180}


@pytest.fixture
def campaign():
    return make_viewable_campaign(10)


def reviewer_of(campaign, theme):
    person = make_user()
    person.theme = theme
    person.save()
    add_member(actor=None, campaign=campaign, user=person, role=Role.REVIEWER)
    return person


def is_sound(page):
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_a_pilots_report_names_items_levels_and_criteria(open_page, campaign, theme):
    people = make_annotators(campaign, 3)
    start_pilot(actor=make_user(), campaign=campaign, count=2, now=NOON)
    about = Criterion.objects.get(dimension__rubric=campaign.rubric_id, key="exclusivity")
    for person, level in zip(people, (1, 1, 4), strict=True):
        lease = lease_next_task(annotator=person, campaign=campaign, now=NOON)
        submit_rating(lease=lease, judgement=make_judgement(lease, (level, 2)), now=NOON)
        say_as_annotator(lease=lease, text="Was that asked?", now=NOON, criterion=about)
    reviewer = reviewer_of(campaign, theme)
    page = open_page(reviewer, f"/campaigns/{campaign.slug}/pilot/", viewport=TABLET)
    expect(page.get_by_text("1 ↔ 4")).to_be_visible()
    expect(page.get_by_role("rowheader", name="Exclusivity")).to_be_visible()
    is_sound(page)
    page.get_by_role("button", name="Discuss it").first.click()
    expect(page.get_by_text("Was that asked?").first).to_be_visible()
    is_sound(page)


@pytest.mark.parametrize("theme", [Theme.LIGHT, Theme.DARK])
def test_lessons_and_examples_move_on_their_page(open_page, campaign, theme):
    gold = make_gold(campaign, 3)
    for title, examples in (("Colours", gold[:2]), ("Faces", gold[2:])):
        save_lesson(
            actor=make_user(), campaign=campaign, lesson=None, title=title, introduction="",
            examples=examples,
        )  # fmt: skip
    reviewer = reviewer_of(campaign, theme)
    page = open_page(reviewer, f"/campaigns/{campaign.slug}/quality/lessons/", viewport=TABLET)
    is_sound(page)
    page.get_by_role("button", name="Move Faces up").click()
    expect(page.locator("strong").first).to_have_text("Faces")
    first, second = (one.campaign_item.item.external_id for one in gold[:2])
    page.get_by_role("button", name=f"Move {first} down").click()
    expect(page.get_by_role("button", name=f"Move {second} down")).to_be_visible()
    expect(page.get_by_role("button", name=f"Move {first} down")).to_have_count(0)
