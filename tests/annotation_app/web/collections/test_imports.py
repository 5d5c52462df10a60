"""Importing on pages, from the choice of a file to the report."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotation_app.models import Campaign, Collection, Item, Job
from annotation_app.services.campaigns.creation import create_campaign
from annotation_app.services.collections.importing.jobs import run_import_job
from annotation_app.services.collections.importing.running import no_progress
from tests.factories.files import item, make_folder, zip_folder

FORM = "/collections/park/import/"


@pytest.fixture
def archive(tmp_path):
    """Two new items, one of them bad."""
    folder = make_folder(tmp_path / "more", [item("c"), item("d", instruction="")])
    return SimpleUploadedFile("more.zip", zip_folder(folder, tmp_path / "more.zip").read_bytes())


def work():
    """Run the newest job, as a worker does."""
    job = Job.objects.latest("created_at")
    Job.objects.filter(pk=job.pk).update(result=run_import_job(job, no_progress), state="succeeded")
    return job


def test_upload_is_checked_reported_and_then_imported(collection, as_person, archive):
    client = as_person("carl")
    answer = client.post(FORM, {"upload": archive})
    check = Job.objects.get()
    report = f"/collections/park/imports/{check.public_id}/"
    assert answer["Location"] == report
    assert check.arguments["dry_run"] is True
    waiting = client.get(report).content.decode()
    assert "hx-get" in waiting
    assert client.get(report, headers={"HX-Request": "true"}).status_code == 200

    work()
    text = client.get(report).content.decode()
    assert "manifest.jsonl:2" in text
    assert "It is empty." in text
    assert "Import the 1 good item" in text
    assert client.get(report, headers={"HX-Request": "true"}).status_code == 286
    assert Item.objects.count() == 2

    answer = client.post(f"{report}run/")
    job = work()
    assert answer["Location"] == f"/collections/park/imports/{job.public_id}/"
    assert job.arguments["dry_run"] is False
    assert set(Item.objects.values_list("external_id", flat=True)) == {"a", "b", "c"}
    assert "Open the collection" in client.get(answer["Location"]).content.decode()
    assert "Earlier imports" in client.get(FORM).content.decode()


def test_folder_below_a_root_is_offered_and_imported(collection, as_person, settings, tmp_path):
    settings.IMPORT_ROOTS = [str(tmp_path / "shelf")]
    make_folder(tmp_path / "shelf" / "more", [item("c")])
    campaign = Campaign.objects.get()
    client = as_person("carl")
    folder = str(tmp_path / "shelf" / "more")
    assert folder in client.get(FORM).content.decode()
    values = {"folder": folder, "by_reference": "on", "campaign": campaign.pk}
    client.post(FORM, values)
    job = work()
    before = campaign.tasks.count()
    client.post(f"/collections/park/imports/{job.public_id}/run/")
    work()
    assert campaign.tasks.count() > before


def test_empty_form_and_foreign_files_are_refused_on_the_page(collection, as_person):
    client = as_person("carl")
    assert "Choose a file" in client.post(FORM).content.decode()
    script = SimpleUploadedFile("run.sh", b"x")
    assert "Upload a .zip" in client.post(FORM, {"upload": script}).content.decode()
    packed = SimpleUploadedFile("park.tar.gz", b"x")
    assert "pack the folder as a ZIP" in client.post(FORM, {"upload": packed}).content.decode()
    assert client.post(FORM, {"folder": "/etc"}).status_code == 200
    assert not Job.objects.exists()


def test_manager_cannot_plan_a_campaign_of_others(collection, as_person, people, archive):
    campaign = create_campaign(actor=people["ada"], name="Second", collection=collection)
    answer = as_person("carl").post(FORM, {"upload": archive, "campaign": campaign.pk})
    assert answer.status_code == 404
    archive.seek(0)
    as_person("ada").post(FORM, {"upload": archive, "campaign": campaign.pk})
    job = Job.objects.get()
    path = f"/collections/park/imports/{job.public_id}/run/"
    assert as_person("carl").post(path).status_code == 404


def test_job_of_another_collection_is_unknown(collection, as_person, archive):
    as_person("carl").post(FORM, {"upload": archive})
    job = Job.objects.get()
    Collection.objects.create(name="Other", slug="other")
    path = f"/collections/other/imports/{job.public_id}/"
    assert as_person("ada").get(path).status_code == 404


@pytest.mark.parametrize("name", ["rita", "resi", "anna", "zoe"])
def test_others_neither_import_nor_see_reports(collection, as_person, archive, name):
    as_person("carl").post(FORM, {"upload": archive})
    report = f"/collections/park/imports/{Job.objects.get().public_id}/"
    client = as_person(name)
    archive.seek(0)
    assert client.post(FORM, {"upload": archive}).status_code == 404
    assert client.get(report).status_code == 404
    assert client.post(f"{report}run/").status_code == 404


def test_vanished_upload_is_said_when_it_should_be_imported(
    collection, as_person, archive, settings
):
    client = as_person("carl")
    client.post(FORM, {"upload": archive})
    check = work()
    for path in settings.IMPORT_STAGING_ROOT.rglob("upload.zip"):
        path.unlink()
    answer = client.post(f"/collections/park/imports/{check.public_id}/run/", follow=True)
    assert "no longer there" in answer.content.decode()
