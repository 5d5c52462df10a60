"""Pages and downloads of dataset versions."""

import hashlib
import io
import json
import tarfile

import pytest
from django.urls import reverse
from django.utils import timezone

from annotation_app.enums import BuildState, JobState, WithdrawalGround
from annotation_app.exceptions import InvalidInputError, JobCancelledError
from annotation_app.models import DatasetVersion, Item
from annotation_app.services.collections.withdrawal import restore_item, withdraw_item
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.versions import request_dataset, run_export_job
from annotation_app.services.jobs.lifecycle import claim_job, fail_job, report_progress
from annotation_app.services.reward_models.versions import request_training

pytestmark = pytest.mark.django_db(transaction=True)


def address(name, version, **more):
    values = {"slug": version.campaign.slug, "number": version.number}
    return reverse(name, kwargs=values | more)


def read(answer):
    return b"".join(answer.streaming_content)


def withdraw(item, reason="the owner objected"):
    withdraw_item(
        item=item,
        ground=WithdrawalGround.LICENCE,
        reason=reason,
        actor=None,
        now=timezone.now(),
    )


def test_an_empty_campaign_says_so_and_offers_to_build(signed, campaign):
    page = signed.get(reverse("dataset-list", args=[campaign.slug])).content.decode()
    assert "No versions yet" in page
    assert reverse("dataset-new", args=[campaign.slug]) in page


def test_checking_estimates_and_asks_for_nothing(signed, campaign):
    where = reverse("dataset-new", args=[campaign.slug])
    values = {"formats": ["trl"], "scores": "final", "images": "copied", "seed": "3"}
    page = signed.post(where, values | {"act": "check"}).content.decode()
    assert "What a version built now would contain" in page
    assert not DatasetVersion.objects.exists()
    answer = signed.post(where, values | {"tie_band": "1/2", "leave_out": ""})
    version = DatasetVersion.objects.get()
    assert answer["Location"] == address("dataset-detail", version)
    assert (version.seed, version.options["tie_band"]) == (3, "1/2")
    assert version.options["formats"] == ["trl"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tie_band": "one"}, "A whole number or a fraction"),
        ({"tie_band": "1/0"}, "A whole number or a fraction"),
        ({"scores": "facet"}, "tie band"),
        ({"formats": []}, "This field is required"),
    ],
)
def test_choices_that_do_not_go_together_are_refused_on_the_form(signed, campaign, change, said):
    values = {"formats": ["trl"], "scores": "final", "images": "copied", "seed": "0"}
    answer = signed.post(reverse("dataset-new", args=[campaign.slug]), values | change)
    assert said in answer.content.decode()
    assert not DatasetVersion.objects.exists()


def test_progress_is_told_to_the_page_that_asks_and_the_end_reloads_it(signed, campaign):
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)
    job = claim_job(job_id=version.job.pk, now=timezone.now())
    report_progress(job=job, done=1, total=3, message="writing items", now=timezone.now())
    where = address("dataset-detail", version)
    part = signed.get(where, headers={"HX-Request": "true"})
    assert "writing items" in part.content.decode()
    assert "HX-Refresh" not in part
    fail_job(job=job, error="2 images are missing", now=timezone.now())
    assert signed.get(where, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "2 images are missing" in signed.get(where).content.decode()
    for name in ("dataset-archive", "dataset-checksums", "dataset-withdrawn", "dataset-card"):
        assert signed.get(address(name, version)).status_code == 404


def test_who_asked_for_a_version_may_stop_it_and_go_on(signed, campaign, researcher):
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=researcher)
    signed.post(address("dataset-cancel", version))
    version.refresh_from_db()
    assert version.state == BuildState.CANCELLED
    assert "Resume" in signed.get(address("dataset-detail", version)).content.decode()
    signed.post(address("dataset-resume", version))
    version.refresh_from_db()
    assert version.state == BuildState.BUILDING
    assert version.job.state == JobState.QUEUED


def test_the_archive_holds_every_file_and_says_its_size_first(signed, build):
    version = build()
    answer = signed.get(address("dataset-archive", version))
    body = read(answer)
    assert answer["Content-Length"] == str(len(body))
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        top = f"{version.campaign.slug}-v1"
        held = {
            member.name.removeprefix(f"{top}/"): archive.extractfile(member).read()
            for member in archive
        }
    assert set(held) == {*version.manifest["files"], "manifest.json", "withdrawn.json"}
    for name, facts in version.manifest["files"].items():
        assert hashlib.sha256(held[name]).hexdigest() == facts["sha256"]
    part = signed.get(address("dataset-archive", version), headers={"Range": "bytes=100-299"})
    assert read(part) == body[100:300]
    again = signed.get(address("dataset-archive", version))
    assert again["ETag"] == answer["ETag"]
    read(again)


def test_the_checksums_name_every_file(signed, build):
    version = build()
    lines = signed.get(address("dataset-checksums", version)).content.decode().splitlines()
    told = {name: sha for sha, _, name in (line.partition("  ") for line in lines)}
    known = {name: facts["sha256"] for name, facts in version.manifest["files"].items()}
    assert told == {**known, "manifest.json": version.digest}


def test_only_files_of_the_manifest_are_sent(signed, build):
    version = build()
    for path in ("../secret", "plan.json", "images/", "train.json/../manifest.json"):
        assert signed.get(address("dataset-file", version, path=path)).status_code == 404
    answer = signed.get(address("dataset-file", version, path="manifest.json"))
    assert hashlib.sha256(read(answer)).hexdigest() == version.digest


def images_of(version, item):
    facts = version.snapshot.items.get(campaign_item__item=item).facts
    return {
        "source": f"images/{facts['source_image']['sha256']}.webp",
        "edit": f"images/{facts['candidates'][0]['image']['sha256']}.webp",
    }


def test_images_of_a_withdrawn_item_are_handed_out_no_more_and_the_rest_is(signed, build):
    version = build()
    item = Item.objects.order_by("pk")[0]
    names = images_of(version, item)
    before = signed.get(address("dataset-archive", version))
    read(before)
    withdraw(item)
    assert signed.get(address("dataset-file", version, path=names["source"])).status_code == 404
    shared = signed.get(address("dataset-file", version, path=names["edit"]))
    assert shared.status_code == 200  # an item still in use shows the same edit
    read(shared)
    after = signed.get(address("dataset-archive", version))
    with tarfile.open(fileobj=io.BytesIO(read(after))) as archive:
        held = {member.name.partition("/")[2] for member in archive}
        sidecar = json.load(archive.extractfile(f"{version.campaign.slug}-v1/withdrawn.json"))
    assert held == {*version.manifest["files"], "manifest.json", "withdrawn.json"} - {
        names["source"]
    }
    assert [one["item_id"] for one in sidecar["withdrawn"]] == [item.external_id]
    assert after["ETag"] != before["ETag"]
    told = signed.get(address("dataset-withdrawn", version)).json()
    assert told == sidecar
    page = signed.get(address("dataset-detail", version)).content.decode()
    assert "1 item of this version has been withdrawn since" in page
    assert "the owner objected" in page
    restore_item(item=item, actor=None, now=timezone.now())
    back = signed.get(address("dataset-file", version, path=names["source"]))
    assert back.status_code == 200
    read(back)


def test_what_embeds_images_of_a_withdrawn_item_is_withheld_whole(signed, build):
    version = build(images=ImageMode.EMBEDDED)
    withdraw(Item.objects.order_by("pk")[0])
    files = version.manifest["files"]
    for name in files:
        answer = signed.get(address("dataset-file", version, path=name))
        if name.endswith(".parquet"):
            assert answer.status_code == 404
        elif not name.startswith("images/"):
            assert answer.status_code == 200
            read(answer)
    assert any(name.endswith(".parquet") for name in files)


def test_a_resumed_version_takes_a_new_snapshot_if_an_item_was_withdrawn_meanwhile(campaign):
    version = request_dataset(campaign=campaign, options=ExportOptions(), created_by=None)

    def stop(done, total, message):
        if "writing" in message:
            raise JobCancelledError("Stopped as asked.")

    with pytest.raises(JobCancelledError):
        run_export_job(version.job, stop)
    version.refresh_from_db()
    first = version.snapshot_id
    with pytest.raises(JobCancelledError):
        run_export_job(version.job, stop)
    version.refresh_from_db()
    assert version.snapshot_id == first
    withdraw(Item.objects.order_by("pk")[0])
    run_export_job(version.job, lambda done, total, message: None)
    version.refresh_from_db()
    assert version.snapshot_id != first
    assert (version.manifest["pairs"]["items"], version.rebuildable) == (2, True)


def test_a_version_with_withdrawn_items_trains_no_model(build, campaign):
    version = build(formats=(ExportFormat.TRAINING,))
    withdraw(Item.objects.order_by("pk")[0])
    version.refresh_from_db()
    with pytest.raises(InvalidInputError, match="withdrawn"):
        request_training(
            campaign=campaign, dataset=version, backbone="compact", config={}, created_by=None
        )
