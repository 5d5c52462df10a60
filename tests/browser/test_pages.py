"""Every page an admin can open: no script error, no policy violation, nothing for axe to say."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from annotation_app.enums import Theme
from tests.annotation_app.access_matrix.conftest import scene  # noqa: F401 - the world with one of everything
from tests.annotation_app.access_matrix.test_doors import BODIES, DOORS, GUESTS, address

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
# Files and JSON are no pages.
NOT_PAGES = frozenset(
    {
        "agreement-chart",
        "dataset-file",
        "dataset-archive",
        "model-archive",
        "dataset-checksums",
        "dataset-withdrawn",
        "benchmark-file",
        "judge-board-file",
        "generator-board-file",
        "ranking-image",
        "model-file",
        "work-image",
        "image",
        "image-thumbnail",
        "payment-file",
        "guideline-image",
        "api-schema",
        "report-json",
        "report-pdf",
    }
)


def pages():
    return sorted(
        name
        for name in DOORS
        if name not in BODIES
        and name not in NOT_PAGES
        and not name.startswith(("work-", "earlier-"))
        and (name == "api-docs" or not name.startswith("api-"))
    )


def axe_problems(page, **options):
    found = Axe().run(page, options={"resultTypes": ["violations"], **options})
    return [
        (rule["id"], [node["html"][:160] for node in rule["nodes"][:3]])
        for rule in found.response["violations"]
    ]


@pytest.mark.parametrize("person", ["admin", "annotator"])
def test_pages_are_accessible_in_both_themes_and_keep_the_policy(
    open_page,
    scene,  # noqa: F811 - the fixture
    live_server,
    person,
):
    user = scene.people[person]
    user.theme = Theme.LIGHT
    user.save()
    page = open_page(user, "/")
    problems = {}
    for name in pages():
        if person not in GUESTS[name]:
            continue
        page.goto(live_server.url + address(DOORS[name], scene.names))
        page.wait_for_timeout(150)
        if name == "api-docs":  # the library's own markup; only its policy is ours
            continue
        assert page.locator("html").get_attribute("data-theme") == Theme.LIGHT
        found = axe_problems(page)
        # A theme changes nothing but colours.
        page.evaluate("document.documentElement.dataset.theme = 'dark'")
        found += axe_problems(page, runOnly=["color-contrast"])
        if found:
            problems[name] = found
    assert problems == {}


def test_the_sign_in_page_is_accessible(page):
    page.goto("/accounts/login/")
    assert Axe().run(page).response["violations"] == []
