"""What the version before left in a browser's store is delivered by the pages of today."""

import json

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from annotation_app.models import Flag, Lease, Rating
from tests.browser.workspace import wait_for_item, wait_until_saved
from tests.factories.browser_store import STORED, TOKENS, lease_as_stored
from tests.factories.world import make_annotators, make_viewable_campaign

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Exactly as that version made its database, so that today's module finds nothing to upgrade.
SEED = """
async ([person, stored]) => {
  const request = indexedDB.open(`editjury-${person}`, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("drafts", { keyPath: "token" });
    request.result.createObjectStore("outbox", { keyPath: "uuid" });
  };
  await new Promise((resolve) => (request.onsuccess = resolve));
  const database = request.result;
  const transaction = database.transaction(["drafts", "outbox"], "readwrite");
  for (const [name, entries] of Object.entries(stored))
    for (const entry of entries) transaction.objectStore(name).put(entry);
  await new Promise((resolve) => (transaction.oncomplete = resolve));
  database.close();
}
"""


@pytest.fixture
def campaign():
    return make_viewable_campaign(8)


@pytest.fixture
def ann(campaign):
    return make_annotators(campaign, 1)[0]


def seeded(open_page, ann):
    """A window of a browser that has the store of the version before, on a page without it."""
    page = open_page(ann, "/preferences/")
    page.evaluate(SEED, [ann.pseudonym, json.loads(json.dumps(STORED))])
    return page


def delivered():
    rated = Rating.objects.filter(current_revision__number=2).count(), Rating.objects.count()
    return rated, Flag.objects.count(), Lease.objects.get(token=TOKENS[2]).outcome


def test_the_workbench_delivers_an_outbox_of_the_version_before_and_shows_its_draft(
    open_page, ann, campaign
):
    lease_as_stored(campaign, ann, timezone.now())
    page = seeded(open_page, ann)
    page.goto(f"/campaigns/{campaign.slug}/work/")
    wait_for_item(page)
    wait_until_saved(page)
    assert delivered() == ((1, 2), 1, "skipped")
    expect(page.locator(f"#workspace[data-token='{TOKENS[3]}']")).to_be_visible()
    expect(page.locator(".work-candidate").nth(0)).to_contain_text("4·2")
    assert Lease.objects.get(token=TOKENS[3]).draft_number == 2  # it never had got there


def test_a_page_without_a_workbench_delivers_it_too(open_page, ann, campaign):
    lease_as_stored(campaign, ann, timezone.now())
    page = seeded(open_page, ann)
    page.goto(f"/campaigns/{campaign.slug}/history/")
    expect(page.locator("#delivery")).to_be_visible()
    expect(page.locator("#delivery[data-waiting='0']")).to_be_visible()
    assert delivered() == ((1, 2), 1, "skipped")
