"""A researcher's version in a browser: built by a real worker, watched, read, downloaded."""

import hashlib
import re
import tarfile

import pytest
from playwright.sync_api import Page, expect

from annotation_app.enums import BuildState, Role
from annotation_app.models import DatasetVersion
from annotation_app.services.collections.withdrawal import restore_item
from annotation_app.services.people.members import add_member
from tests.factories.rated import rate_by_rule
from tests.factories.rated_bulk import rate_many
from tests.factories.world import NOON, make_annotators, make_user, make_viewable_campaign

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(400),
]
MANY = 4000
BUILT = 120_000  # ms for a job on a busy machine


@pytest.fixture
def campaign():
    campaign = make_viewable_campaign(6)
    for annotator in make_annotators(campaign, 6):
        rate_by_rule(campaign, annotator, lambda place, key: 1 + place + (key == "vq"))
    return campaign


@pytest.fixture
def admin(campaign):
    user = make_user("ada")
    add_member(actor=None, campaign=campaign, user=user, role=Role.ADMIN)
    return user


def ask_for_version(page: Page) -> None:
    page.get_by_role("link", name="Build a version").click()
    page.get_by_role("button", name="Build version").click()
    page.wait_for_url(re.compile(r"/datasets/\d+/$"))


def expect_state(page: Page, state: str) -> None:
    """Wait for the badge beside the version's name; the page renews itself."""
    badge = page.locator("h2#version-heading + .badge")
    expect(badge).to_have_text(state, timeout=BUILT)


def test_an_admin_builds_a_version_watches_it_reads_its_card_and_downloads_it(
    open_page, campaign, admin, worker, tmp_path
):
    page = open_page(admin, f"/campaigns/{campaign.slug}/datasets/")
    expect(page.get_by_text("No versions yet")).to_be_visible()
    ask_for_version(page)
    expect_state(page, "Ready")
    version = DatasetVersion.objects.get()
    assert version.state == BuildState.READY
    expect(page.get_by_text("adds up").first).to_be_visible()
    assert page.get_by_text("does not add up").count() == 0

    page.get_by_role("link", name="Read the card").click()
    expect(page.get_by_role("heading", name="Dataset card")).to_be_visible()
    card = page.locator("article.dataset-card")
    expect(card).to_contain_text(campaign.rubric.slug)
    page.go_back()

    with page.expect_download() as single:
        page.get_by_role("link", name="groups.jsonl").click()
    facts = version.manifest["files"]["groups.jsonl"]
    assert sha256_of(single.value.path()) == facts["sha256"]

    with page.expect_download() as whole:
        page.get_by_role("link", name="Download all").click()
    with page.expect_download() as sums:
        page.get_by_role("link", name="Checksums of all files").click()
    with tarfile.open(whole.value.path()) as archive:
        archive.extractall(tmp_path, filter="data")
    [top] = tmp_path.glob("*-v1")
    lines = sums.value.path().read_text().splitlines()
    assert len(lines) == len(version.manifest["files"]) + 1
    for line in lines:
        sha, _, name = line.partition("  ")
        assert sha256_of(top / name) == sha


def test_cancel_stops_a_running_build_and_resume_finishes_it(open_page, campaign, admin, worker):
    [annotator] = make_annotators(campaign, 1)
    rate_many(campaign, annotator, MANY)
    page = open_page(admin, f"/campaigns/{campaign.slug}/datasets/")
    ask_for_version(page)
    expect(page.locator("#dataset-progress progress[value]")).to_be_visible(timeout=BUILT)
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="Cancel").click()
    expect_state(page, "Cancelled")
    assert page.get_by_role("link", name="Download all").count() == 0
    assert page.request.get(page.url + "archive.tar").status == 404

    page.get_by_role("button", name="Resume").click()
    expect_state(page, "Ready")
    assert DatasetVersion.objects.get().manifest["pairs"]["items"] == MANY + 6


def test_a_build_cancelled_in_the_queue_resumes_too(open_page, campaign, admin, worker):
    worker.stop()
    page = open_page(admin, f"/campaigns/{campaign.slug}/datasets/")
    ask_for_version(page)
    expect(page.get_by_text("Waiting for a worker")).to_be_visible()
    answers = [False, True]  # to the question whether to stop
    page.on("dialog", lambda dialog: dialog.accept() if answers.pop(0) else dialog.dismiss())
    page.get_by_role("button", name="Cancel").click()
    expect_state(page, "Building")
    page.get_by_role("button", name="Cancel").click()
    expect_state(page, "Cancelled")
    page.get_by_role("button", name="Resume").click()
    worker.start()
    expect_state(page, "Ready")


def test_a_withdrawn_item_is_told_on_the_version_and_its_images_are_not_handed_out(
    open_page, campaign, admin, worker
):
    page = open_page(admin, f"/campaigns/{campaign.slug}/datasets/")
    ask_for_version(page)
    expect_state(page, "Ready")
    item = campaign.campaign_items.order_by("pk").first().item
    page.goto(f"/collections/{campaign.collection.slug}/items/{item.pk}/")
    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_text("Withdraw this item").click()
    page.get_by_label("Why").select_option("privacy")
    page.get_by_label("Reason").fill("a neighbour's face")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_text("Withdrawn: a neighbour's face")).to_be_visible()

    page.goto(f"/campaigns/{campaign.slug}/datasets/1/")
    expect(page.get_by_text("1 item of this version has been withdrawn since")).to_be_visible()
    told = page.request.get(page.url + "withdrawn.json").json()
    assert [one["item_id"] for one in told["withdrawn"]] == [item.external_id]

    page.goto(f"/campaigns/{campaign.slug}/datasets/")
    ask_for_version(page)
    expect_state(page, "Ready")
    page.get_by_role("link", name="since version 1").click()
    gone = page.locator("section", has=page.get_by_role("heading", name="Withdrawn items"))
    expect(gone).to_contain_text(item.external_id)
    restore_item(item=item, actor=admin, now=NOON)
    page.goto(f"/campaigns/{campaign.slug}/datasets/1/")
    assert page.get_by_text("has been withdrawn since").count() == 0


def sha256_of(path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
