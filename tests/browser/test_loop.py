"""The loop from a folder: imported, rated by keyboard, counted, exported, opened."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import expect

from annotation_app.enums import BuildState, RatingStatus, Role
from annotation_app.models import Campaign, DatasetVersion, Rating
from annotation_app.services.people.members import add_member
from tests.browser.workspace import wait_until
from tests.factories.world import make_user

pytestmark = [
    pytest.mark.browser,
    pytest.mark.services,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]
RATED = 3


@pytest.fixture
def campaign(tmp_path):
    call_command("write_template", str(tmp_path / "my-edits"))
    call_command("import_items", str(tmp_path / "my-edits"), collection="real", campaign="real")
    return Campaign.objects.get(name="real")


@pytest.fixture
def annotator(campaign):
    user = make_user("anna")
    add_member(actor=None, campaign=campaign, user=user, role=Role.ANNOTATOR)
    return user


@pytest.fixture
def admin(campaign):
    user = make_user("ada")
    add_member(actor=None, campaign=campaign, user=user, role=Role.ADMIN)
    return user


def rate_by_keyboard(page, items):
    """Score every candidate with digits and submit with Enter, without touching the pointer."""
    for done in range(items):
        page.wait_for_selector("#workspace:not([hidden]) .work-candidate")
        count = page.locator(".work-candidate").count()
        for place in range(count):
            page.keyboard.press(str(4 - place % 4))
            page.keyboard.press(str(1 + (place + done) % 4))
        page.wait_for_selector("#submit[aria-disabled=false]")
        page.keyboard.press("Enter")
        wait_until(page, lambda done=done: Rating.objects.count() > done)


def test_imported_items_are_rated_counted_exported_and_open(
    open_page, campaign, annotator, admin, worker
):
    page = open_page(annotator, f"/campaigns/{campaign.slug}/work/")
    rate_by_keyboard(page, RATED)
    assert Rating.objects.filter(status=RatingStatus.ACTIVE, annotator=annotator).count() == RATED

    page = open_page(admin, f"/campaigns/{campaign.slug}/")
    assert f"{RATED} of {campaign.tasks.count()}" in page.inner_text("main")

    page = open_page(admin, f"/campaigns/{campaign.slug}/datasets/new/")
    page.get_by_role("button", name="Build version").click()
    page.wait_for_url(re.compile(r"/datasets/\d+/$"))
    version = DatasetVersion.objects.get()
    worker.wait(version.job)
    badge = page.locator("h2#version-heading + .badge")
    expect(badge).to_have_text("Ready")  # the page renews itself, and a reload would meet that
    version.refresh_from_db()
    assert version.state == BuildState.READY
    with page.expect_download() as download:
        page.get_by_role("link", name="groups.jsonl").click()
    lines = Path(download.value.path()).read_text().splitlines()
    assert len(lines) == RATED
    folder = Path(settings.EXPORT_ROOT) / version.folder
    for line in lines:
        group = json.loads(line)
        for name in (group["source_image"], *(one["image"] for one in group["candidates"])):
            with Image.open(folder / name) as image:
                image.load()
    pairs = version.manifest["pairs"]
    sizes = [len(json.loads(line)["candidates"]) for line in lines]
    assert pairs["total"]["possible"] == sum(k * (k - 1) // 2 for k in sizes)
