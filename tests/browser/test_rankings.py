"""The raters' ranking check and the benchmark pages in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from annotation_app.enums import Role
from annotation_app.models import JointRanking
from annotation_app.services.benchmarks.building import request_benchmark, run_build_job
from annotation_app.services.benchmarks.plans import BenchmarkChoices
from annotation_app.services.people.members import add_member
from tests.browser.workspace import wait_until
from tests.factories.benchmarks import make_checked_campaign
from tests.factories.world import make_user

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def quiet(done, total, message):
    pass


@pytest.fixture
def built():
    """A campaign, its raters, and a built benchmark of pairs and groups of three."""
    campaign, people = make_checked_campaign(6, size=(320, 240))
    choices = BenchmarkChoices(groups={2: 3, 3: 3})
    benchmark = request_benchmark(campaign=campaign, choices=choices, created_by=None)
    run_build_job(benchmark.job, quiet)
    benchmark.refresh_from_db()
    return campaign, people, benchmark


def ranking_of(benchmark, rater, size):
    return next(
        one for one in benchmark.joint_rankings.filter(rater=rater) if len(one.implied) == size
    )


def places(page):
    return [int(field.input_value()) for field in page.locator("[data-place]").all()]


def stored_ranks(page, ranking):
    decided = JointRanking.objects.filter(pk=ranking.pk, ranks__isnull=False)
    wait_until(page, decided.exists)
    return decided.get().ranks


def test_a_rater_reorders_with_the_keyboard_and_the_order_is_stored(built, open_page):
    _, (rater, *_), benchmark = built
    ranking = ranking_of(benchmark, rater, 3)
    page = open_page(rater, f"/ranking-check/{ranking.token}/")
    cards = page.locator("[data-card]")
    expect(cards).to_have_count(3)
    assert places(page) == [1, 2, 3]
    worst = cards.nth(2).locator("[data-place]").get_attribute("name")
    cards.nth(2).focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    expect(cards.nth(0).locator("[data-place]")).to_have_attribute("name", worst)
    assert places(page) == [1, 2, 3]
    assert Axe().run(page).response["violations"] == []
    page.get_by_role("button", name="This order is right").click()
    # the worst came first, the others follow in their order
    assert stored_ranks(page, ranking) == [(rank + 1) % 3 for rank in ranking.implied]


def test_the_page_tells_nothing_of_generators_seeds_or_scores(built, open_page):
    _, (rater, *_), benchmark = built
    ranking = ranking_of(benchmark, rater, 3)
    page = open_page(rater, f"/ranking-check/{ranking.token}/")
    text = page.content()
    for group in benchmark.groups:
        for candidate in group["candidates"]:
            assert candidate["generator"] not in text
            assert candidate["candidate_id"] not in text
            assert candidate["image"]["sha256"] not in text
    assert "secret-item" not in text
    assert page.locator("img").evaluate_all("all => all.every(one => one.naturalWidth === 320)")


def test_a_pair_may_tie_and_three_may_not(built, open_page):
    _, (rater, *_), benchmark = built
    ranking = ranking_of(benchmark, rater, 2)
    page = open_page(rater, f"/ranking-check/{ranking.token}/")
    for field in page.locator("[data-place]").all():
        field.select_option("1")
    page.get_by_role("button", name="This order is right").click()
    assert stored_ranks(page, ranking) == [0, 0]


def test_without_scripts_the_places_alone_do_it(built, open_page):
    _, (rater, *_), benchmark = built
    ranking = ranking_of(benchmark, rater, 3)
    page = open_page(rater, f"/ranking-check/{ranking.token}/", java_script_enabled=False)
    fields = page.locator("[data-place]")
    for place in range(3):
        fields.nth(place).select_option("1")
    page.get_by_role("button", name="This order is right").click()
    expect(page.locator("main")).to_contain_text("Only two images may tie")
    for place in range(3):
        fields.nth(place).select_option(str(place + 1))
    page.get_by_role("button", name="This order is right").click()
    stored = stored_ranks(page, ranking)
    assert [stored[place] for place in ranking.shown] == [0, 1, 2]


def test_an_admin_sees_who_still_has_to_confirm(built, open_page):
    campaign, people, benchmark = built
    admin = make_user()
    add_member(actor=None, campaign=campaign, user=admin, role=Role.ADMIN)
    page = open_page(admin, f"/campaigns/{campaign.slug}/benchmarks/{benchmark.number}/")
    row = page.locator("tr", has_text=people[0].username)
    expect(row).to_contain_text("0 / 6")
    expect(page.get_by_role("button", name="Publish without them")).to_be_visible()
