"""Buttons that copy, and links that mail."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from annotation_app.enums import Role
from annotation_app.services.people.members import add_member
from tests.factories.world import make_campaign, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
CLIPBOARD = ["clipboard-read", "clipboard-write"]


@pytest.fixture
def admin(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    person = make_user()
    add_member(actor=None, campaign=make_campaign(2, k=2), user=person, role=Role.ADMIN)
    return person


def copied(page):
    return page.evaluate("navigator.clipboard.readText()")


def test_links_of_invitations_are_copied_one_by_one_and_together(open_page, admin, live_server):
    campaign = admin.memberships.get().campaign
    where = f"/campaigns/{campaign.slug}/members/"
    page = open_page(admin, where, permissions=CLIPBOARD, viewport=PHONE)
    page.get_by_label("Addresses").fill("a@example.org\nb@example.org")
    page.get_by_role("button", name="Invite").click()
    links = page.locator(".copy-link").all_inner_texts()
    assert len(links) == 2
    assert all(link.startswith(f"{live_server.url}/invitations/") for link in links)
    page.get_by_role("button", name="Copy", exact=True).nth(1).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert copied(page) == links[1]
    page.get_by_role("button", name="Copy all").click()
    expect(page.get_by_role("button", name="Copied").first).to_be_visible()
    assert copied(page) == f"a@example.org {links[0]}\nb@example.org {links[1]}"
    letter = page.get_by_role("link", name="Write email").first.get_attribute("href")
    assert letter.startswith("mailto:a@example.org?subject=")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
