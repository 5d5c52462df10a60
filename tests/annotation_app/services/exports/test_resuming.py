"""Builds that stop: what they leave, how they go on, and that the bytes are the same."""

import hashlib
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from annotation_app.enums import BuildState
from annotation_app.exceptions import InvalidInputError, JobCancelledError
from annotation_app.models import DatasetVersion
from annotation_app.services.exports import parts
from annotation_app.services.exports.options import ExportFormat, ExportOptions, ImageMode
from annotation_app.services.exports.orphans import remove_leftovers
from annotation_app.services.exports.versions import request_dataset, run_export_job
from tests.factories.rated import rate_by_rule
from tests.factories.world import make_annotators, make_campaign

pytestmark = pytest.mark.django_db(transaction=True)

ITEMS = 7
EVERYTHING = ExportOptions(formats=tuple(ExportFormat), images=ImageMode.EMBEDDED, seed=5)


@pytest.fixture
def campaign():
    campaign = make_campaign(ITEMS, k=3)
    [annotator] = make_annotators(campaign, 1)
    for _ in range(ITEMS):
        rate_by_rule(campaign, annotator, lambda place, key: 1 + place + (key == "vq"))
    return campaign


@pytest.fixture
def small_parts(monkeypatch):
    """Every item's images fill a part: three pairs, twice, of pictures of some forty bytes."""
    monkeypatch.setattr(parts, "MOST_EMBEDDED", 500)


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }


class Stopping:
    """A progress function that stops the build at the n-th report with some words."""

    def __init__(self, words, number=1):
        self._words, self._left = words, number

    def __call__(self, done, total, message):
        if message.startswith(self._words):
            self._left -= 1
            if self._left == 0:
                raise JobCancelledError("Stopped as asked.")


def aside_of(version):
    return Path(settings.EXPORT_ROOT) / f"{version.public_id}.building"


PHASES = (
    ("recording splits", 1),
    ("measuring agreement", 1),
    ("taking the snapshot", 1),
    ("writing items", 1),
    ("writing items", ITEMS),
    ("joining files", 1),
    ("joining files", 8),
    ("describing files", 1),
    ("hashing files", 1),
    ("hashing files", 8),
)


@pytest.mark.parametrize(("words", "number"), PHASES)
def test_a_build_stops_in_every_phase_and_ends_with_the_same_bytes(
    campaign, build, small_parts, words, number
):
    version = request_dataset(campaign=campaign, options=EVERYTHING, created_by=None)
    with pytest.raises(JobCancelledError):
        run_export_job(version.job, Stopping(words, number))
    version.refresh_from_db()
    assert version.state == BuildState.CANCELLED
    assert not (Path(settings.EXPORT_ROOT) / str(version.public_id)).exists()
    run_export_job(version.job, lambda *_: None)
    version.refresh_from_db()
    assert version.state == BuildState.READY
    assert not aside_of(version).exists()
    whole, folder = build(campaign, snapshot=version.snapshot, **vars(EVERYTHING))
    assert contents(Path(settings.EXPORT_ROOT) / version.folder) == contents(folder)
    assert version.manifest["pairs"] == whole.manifest["pairs"]
    assert version.manifest["rows"] == whole.manifest["rows"]


def test_a_stopped_build_does_not_write_its_finished_parts_again(campaign, small_parts):
    version = request_dataset(campaign=campaign, options=EVERYTHING, created_by=None)
    with pytest.raises(JobCancelledError):
        run_export_job(version.job, Stopping("writing items", ITEMS))
    finished = sorted((aside_of(version) / "parts").glob("0*/state.json"))
    assert len(finished) == ITEMS - 1
    reports = []
    run_export_job(version.job, lambda *told: reports.append(told))
    written = [done for done, _, message in reports if message.startswith("writing items")]
    assert written == [ITEMS]


def test_parts_of_other_options_are_thrown_away(campaign, small_parts):
    version = request_dataset(campaign=campaign, options=EVERYTHING, created_by=None)
    with pytest.raises(JobCancelledError):
        run_export_job(version.job, Stopping("writing items", ITEMS))
    version.refresh_from_db()
    version.options |= {"seed": 6}
    version.save()
    reports = []
    run_export_job(version.job, lambda *told: reports.append(told))
    assert (1, ITEMS) in {(done, total) for done, total, _ in reports}


def test_a_half_written_part_is_written_anew(campaign, small_parts):
    version = request_dataset(campaign=campaign, options=EVERYTHING, created_by=None)
    with pytest.raises(JobCancelledError):
        run_export_job(version.job, Stopping("writing items", ITEMS))
    halves = list((aside_of(version) / "parts").glob("*.half"))
    assert halves  # as a killed process leaves it
    (halves[0] / "train.json").write_text("rubbish")
    run_export_job(version.job, lambda *_: None)
    version.refresh_from_db()
    folder = Path(settings.EXPORT_ROOT) / version.folder
    assert "rubbish" not in "".join(p.read_text() for p in folder.glob("*.json"))


def test_a_folder_that_was_finished_but_not_recorded_is_taken_over(campaign):
    version = request_dataset(campaign=campaign, options=EVERYTHING, created_by=None)
    run_export_job(version.job, lambda *_: None)
    version.refresh_from_db()
    version.state, digest = BuildState.BUILDING, version.digest
    version.save()
    phases = set()
    run_export_job(version.job, lambda done, total, message: phases.add(message.split()[0]))
    version.refresh_from_db()
    assert (version.state, version.digest) == (BuildState.READY, digest)
    assert not phases & {"writing", "joining", "hashing"}


def test_a_disk_that_is_too_small_is_said_before_anything_is_written(campaign, monkeypatch):
    real = shutil.disk_usage

    def nearly_full(path):
        return real(path)._replace(free=80 << 20)

    version = request_dataset(
        campaign=campaign,
        options=ExportOptions(images=ImageMode.EMBEDDED),
        created_by=None,
    )
    with monkeypatch.context() as small:
        small.setattr(shutil, "disk_usage", nearly_full)
        run_export_job(version.job, lambda *_: None)  # kilobytes fit
        small.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=1 << 20))
        other = request_dataset(
            campaign=campaign, options=ExportOptions(images=ImageMode.EMBEDDED), created_by=None
        )
        with pytest.raises(InvalidInputError, match=r"only 1\.0\sMB is free"):
            run_export_job(other.job, lambda *_: None)
    other.refresh_from_db()
    assert other.state == BuildState.FAILED
    assert not aside_of(other).exists()


def test_copies_survive_a_storage_that_cannot_link(campaign, build, monkeypatch):
    def refuse(*_args, **_options):
        raise OSError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    version, folder = build(campaign)
    assert all(path.suffix == ".webp" for path in (folder / "images").iterdir())
    assert version.state == BuildState.READY


def test_what_a_stopped_build_left_goes_after_a_week(campaign):
    version = request_dataset(campaign=campaign, options=EVERYTHING, created_by=None)
    with pytest.raises(JobCancelledError):
        run_export_job(version.job, Stopping("hashing files"))
    now = timezone.now()
    assert remove_leftovers(now=now + timedelta(days=6)) == 0
    assert aside_of(version).exists()
    DatasetVersion.objects.update(state=BuildState.BUILDING)
    assert remove_leftovers(now=now + timedelta(days=8)) == 0
    DatasetVersion.objects.update(state=BuildState.CANCELLED)
    assert remove_leftovers(now=now + timedelta(days=8)) == 1
    assert not aside_of(version).exists()
