"""Dataset versions: asked for, built by a job, ready or failed, never half-visible."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from annotation_app.enums import AuditVerb, BuildState, JobKind
from annotation_app.exceptions import JobCancelledError, JobLostError
from annotation_app.models import Campaign, DatasetVersion, Job, Snapshot, User
from annotation_app.selectors.collections.withdrawals import withdrawn_from
from annotation_app.services.audit.events import record_event
from annotation_app.services.exports.build import build_folder
from annotation_app.services.exports.guards.report import guard_snapshot
from annotation_app.services.exports.manifest import manifest_digest
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.jobs.lifecycle import create_job
from annotation_app.services.snapshots.taking import take_snapshot

Progress = Callable[[int, int, str], None]


def request_dataset(
    *, campaign: Campaign, options: ExportOptions, created_by: User | None
) -> DatasetVersion:
    """Ask for a new dataset version; its job takes the snapshot and writes the files.

    Raises:
        InvalidInputError: if an option that must be a number is not one.
    """
    options.check()  # refused now, not by the job
    with transaction.atomic():
        # numbers without gaps or twins
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)
        last = campaign.datasets.aggregate(last=Max("number"))["last"] or 0
        version = DatasetVersion.objects.create(
            campaign=campaign,
            number=last + 1,
            options=options.to_json(),
            seed=options.seed,
            created_by=created_by,
        )
        version.job = create_job(
            kind=JobKind.EXPORT_DATASET,
            arguments={"dataset": version.pk},
            created_by=created_by,
            campaign=campaign,
        )
        version.save(update_fields=["job"])
        return version


def run_export_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Build the dataset version that a job names; safe to run again after a crash.

    A version that was cancelled or failed keeps its snapshot: a retry continues from there.
    """
    version = DatasetVersion.objects.select_related("campaign__collection", "campaign__rubric").get(
        pk=job.arguments["dataset"]
    )
    try:
        return _build(version, job, progress)
    except JobLostError:  # another process builds it now: its files are not ours to remove
        raise
    except JobCancelledError:
        _end(version, BuildState.CANCELLED)
        raise
    except Exception:
        _end(version, BuildState.FAILED)
        raise


def _end(version: DatasetVersion, state: BuildState) -> None:
    DatasetVersion.objects.filter(pk=version.pk).exclude(state=BuildState.READY).update(state=state)
    if state == BuildState.FAILED:  # a cancelled or killed build resumes with its finished parts
        aside = Path(settings.EXPORT_ROOT) / f"{version.public_id}.building"
        shutil.rmtree(aside, ignore_errors=True)


def _build(version: DatasetVersion, job: Job, progress: Progress) -> dict[str, Any]:
    speed: dict[str, float] = {}
    if version.state != BuildState.READY:
        version.state = BuildState.BUILDING
        version.save(update_fields=["state"])
        options = ExportOptions.from_json(version.options)
        snapshot = _snapshot(version, options, job, progress)
        guard_snapshot(snapshot, progress)
        built = build_folder(version=version, snapshot=snapshot, options=options, progress=progress)
        _publish(version, built.folder.name, built.manifest, manifest_digest(built.folder), job)
        speed = {"seconds": built.seconds, "mb_per_second": built.megabytes_per_second}
    counts, files = version.manifest["pairs"]["total"], version.manifest["files"]
    return {
        "url": reverse("dataset-detail", args=[version.campaign.slug, version.number]),
        "pairs": counts["possible"],
        "rows": counts["exported_rows"],
        "bytes": sum(facts["bytes"] for facts in files.values()),
        **speed,
    }


def _snapshot(
    version: DatasetVersion, options: ExportOptions, job: Job, progress: Progress
) -> Snapshot:
    """The version's snapshot: an earlier attempt's, unless items of it were withdrawn since."""
    if version.snapshot is None or withdrawn_from(version.snapshot).exists():
        version.snapshot = take_snapshot(
            campaign=version.campaign,
            created_by=job.created_by,
            choices=options.snapshot_choices(version.campaign.seed),
            progress=progress,
        )
        version.rebuildable = True
        version.save(update_fields=["snapshot", "rebuildable"])
    return version.snapshot


def _publish(
    version: DatasetVersion, folder: str, manifest: dict[str, Any], digest: str, job: Job
) -> None:
    with transaction.atomic():
        version.folder, version.manifest, version.digest = folder, manifest, digest
        version.state = BuildState.READY
        # an item may have been withdrawn while the files were written
        version.rebuildable = not withdrawn_from(version.snapshot).exists()
        version.save(update_fields=["folder", "manifest", "digest", "state", "rebuildable"])
        record_event(
            actor=job.created_by,
            verb=AuditVerb.EXPORTED,
            object_type="dataset",
            object_id=version.pk,
            campaign=version.campaign,
            data={"digest": digest, "rows": manifest["pairs"]["total"]["exported_rows"]},
        )
