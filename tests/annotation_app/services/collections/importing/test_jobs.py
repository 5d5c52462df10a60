"""Imports asked for on pages: staged uploads, allowed folders, the job that runs them."""

import os
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from annotation_app.enums import JobKind
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import Item, Job, User
from annotation_app.services.campaigns.creation import create_campaign, set_overlap_plan
from annotation_app.services.collections.importing.jobs import (
    ImportRequest,
    request_import,
    request_of,
    run_import_job,
)
from annotation_app.services.collections.importing.running import no_progress
from annotation_app.services.collections.importing.staging import (
    allowed_folder,
    offered_folders,
    read_problems,
    remove_stale,
    stage_upload,
    staged_path,
)
from tests.factories.files import item, make_folder, zip_folder


@pytest.fixture
def admin(db, settings, tmp_path):
    """An administrator; uploads go to a folder of this test."""
    settings.IMPORT_STAGING_ROOT = tmp_path / "staging"
    settings.IMPORT_ROOTS = []
    return User.objects.create_superuser("ada")


@pytest.fixture
def archive(tmp_path):
    """A good item and a bad one, packed."""
    folder = make_folder(tmp_path / "in", [item("a"), item("b", instruction="")])
    return zip_folder(folder, tmp_path / "in.zip").read_bytes()


def ask(admin, collection, request, *, dry_run=False):
    return request_import(actor=admin, collection=collection, request=request, dry_run=dry_run)


def test_upload_is_kept_under_a_name_of_our_own(admin, settings):
    name = stage_upload(SimpleUploadedFile("../../etc/passwd.CSV", b"item_id\n"))
    assert name.endswith("/upload.csv")
    assert staged_path(name).read_bytes() == b"item_id\n"
    assert staged_path(name).is_relative_to(settings.IMPORT_STAGING_ROOT)


def test_upload_of_another_kind_or_size_is_refused(admin, settings):
    with pytest.raises(InvalidInputError, match=r"\.zip"):
        stage_upload(SimpleUploadedFile("run.sh", b"x"))
    settings.UPLOAD_MAX_BYTES = 3
    with pytest.raises(InvalidInputError, match="limit is 3"):
        stage_upload(SimpleUploadedFile("a.zip", b"1234"))


@pytest.mark.parametrize("name", ["../secret_key", "/etc/passwd", "none/upload.zip", ""])
def test_only_staged_files_are_found(admin, settings, name):
    (settings.IMPORT_STAGING_ROOT.parent / "secret_key").write_text("x")
    with pytest.raises(InvalidInputError, match="no longer there"):
        staged_path(name)


def test_uploads_are_forgotten_after_a_week(admin):
    old = stage_upload(SimpleUploadedFile("a.zip", b"1"))
    path = staged_path(old)
    week = time.time() - 8 * 24 * 3600
    os.utime(path, (week, week))
    fresh = stage_upload(SimpleUploadedFile("b.zip", b"2"))
    remove_stale()
    assert not path.parent.exists()
    assert staged_path(fresh).exists()


def test_folders_are_offered_and_allowed_below_the_roots_only(admin, settings, tmp_path):
    root = tmp_path / "root"
    (root / "one" / "two" / "three").mkdir(parents=True)
    (tmp_path / "root-not").mkdir()
    (root / "way-out").symlink_to(tmp_path)
    assert offered_folders() == []
    settings.IMPORT_ROOTS = [str(root)]
    assert {str(root), str(root / "one"), str(root / "one" / "two")} <= set(offered_folders())
    assert allowed_folder(str(root / "one" / "two" / "three")).is_dir()
    outside = (tmp_path, tmp_path / "root-not", root / "..", root / "way-out", "/etc", "etc", "")
    for folder in outside:
        with pytest.raises(InvalidInputError, match="import roots"):
            allowed_folder(str(folder))
    with pytest.raises(InvalidInputError, match="does not exist"):
        allowed_folder(str(root / "missing"))


def test_dry_run_lists_the_problems_and_the_import_takes_the_rest(admin, collection, archive):
    upload = stage_upload(SimpleUploadedFile("in.zip", archive))
    check = ask(admin, collection, ImportRequest(upload=upload), dry_run=True)
    result = run_import_job(check, no_progress)
    assert (result["imported"], result["not_taken"], Item.objects.count()) == (1, 1, 0)
    assert result["url"] == f"/collections/hand-made/imports/{check.public_id}/"
    (problem,) = read_problems(check.public_id)
    assert (problem["line"], problem["field"]) == (2, "instruction")
    Job.objects.update(state="succeeded")
    job = ask(admin, collection, request_of(check))
    assert run_import_job(job, no_progress)["imported"] == 1
    assert run_import_job(job, no_progress)["unchanged"] == 1


def test_wholly_imported_upload_is_removed(admin, collection, tmp_path):
    packed = zip_folder(make_folder(tmp_path / "in", [item("a")]), tmp_path / "in.zip")
    upload = stage_upload(SimpleUploadedFile("in.zip", packed.read_bytes()))
    run_import_job(ask(admin, collection, ImportRequest(upload=upload)), no_progress)
    with pytest.raises(InvalidInputError, match="no longer there"):
        staged_path(upload)


def test_uploaded_table_with_images_in_a_folder(admin, collection, settings, tmp_path):
    folder = make_folder(tmp_path / "in", [item("a")])
    settings.IMPORT_ROOTS = [str(tmp_path)]
    table = SimpleUploadedFile("t.jsonl", (folder / "manifest.jsonl").read_bytes())
    request = ImportRequest(upload=stage_upload(table), folder=str(folder))
    assert run_import_job(ask(admin, collection, request), no_progress)["imported"] == 1


def test_problems_call_an_uploaded_table_by_its_owners_name(admin, collection, tmp_path):
    table = SimpleUploadedFile("Our edits.jsonl", b'{"item_id": \n')
    request = ImportRequest(upload=stage_upload(table), name="Our edits.jsonl")
    job = ask(admin, collection, request, dry_run=True)
    run_import_job(job, no_progress)
    assert read_problems(job.public_id)[0]["file"] == "Our edits.jsonl"


def test_import_plans_the_chosen_campaign(admin, collection, settings, tmp_path):
    settings.IMPORT_ROOTS = [str(tmp_path)]
    make_folder(tmp_path / "in", [item("a")])
    campaign = create_campaign(actor=admin, name="Pilot", collection=collection)
    set_overlap_plan(actor=admin, campaign=campaign, base_ratings=2, overlap_share=0.0)
    request = ImportRequest(folder=str(tmp_path / "in"), campaign_id=campaign.pk)
    job = ask(admin, collection, request)
    assert job.campaign == campaign
    run_import_job(job, no_progress)
    assert campaign.tasks.count() == 2


def test_what_cannot_be_imported_is_refused_when_asked(admin, collection, settings, tmp_path):
    settings.IMPORT_ROOTS = [str(tmp_path)]
    upload = stage_upload(SimpleUploadedFile("in.zip", b"x"))
    wrong = {
        "Choose a file": ImportRequest(),
        "import roots": ImportRequest(folder="/etc"),
        "no longer there": ImportRequest(upload="gone/upload.zip"),
        "left where they are": ImportRequest(upload=upload, by_reference=True),
        "does not use": ImportRequest(upload=upload, campaign_id=0),
    }
    for words, request in wrong.items():
        with pytest.raises(InvalidInputError, match=words):
            ask(admin, collection, request)
    assert not Job.objects.exists()


def test_same_import_is_not_queued_twice(admin, collection):
    request = ImportRequest(upload=stage_upload(SimpleUploadedFile("in.zip", b"x")))
    ask(admin, collection, request, dry_run=True)
    with pytest.raises(ConflictError):
        ask(admin, collection, request)
    assert Job.objects.get().kind == JobKind.IMPORT_ITEMS
