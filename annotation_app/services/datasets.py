"""Dataset versions: asked for, built by a job, ready or failed, never half-visible."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse

from annotation_app.enums import AuditVerb, BuildState, JobKind
from annotation_app.exceptions import JobCancelledError
from annotation_app.models import Campaign, DatasetVersion, Job, User
from annotation_app.services.auditing import record_event
from annotation_app.services.exports.build import build_folder
from annotation_app.services.exports.manifest import manifest_digest
from annotation_app.services.exports.options import ExportOptions
from annotation_app.services.jobs import create_job
from annotation_app.services.snapshots import take_snapshot

Progress = Callable[[int, int, str], None]


def request_dataset(
    *, campaign: Campaign, options: ExportOptions, created_by: User | None
) -> DatasetVersion:
    """Ask for a new dataset version; its job takes the snapshot and writes the files."""
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)  # numbers without gaps or twins
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
    """Build the dataset version that a job names; safe to run again after a crash."""
    version = DatasetVersion.objects.select_related("campaign__collection", "campaign__rubric").get(
        pk=job.arguments["dataset"]
    )
    try:
        return _build(version, job, progress)
    except JobCancelledError:
        _end(version, BuildState.CANCELLED)
        raise
    except Exception:
        _end(version, BuildState.FAILED)
        raise


def _end(version: DatasetVersion, state: BuildState) -> None:
    DatasetVersion.objects.filter(pk=version.pk).exclude(state=BuildState.READY).update(state=state)


def _build(version: DatasetVersion, job: Job, progress: Progress) -> dict[str, Any]:
    if version.state != BuildState.READY:
        version.state = BuildState.BUILDING
        version.save(update_fields=["state"])
        options = ExportOptions.from_json(version.options)
        if version.snapshot is None:
            version.snapshot = take_snapshot(
                campaign=version.campaign,
                created_by=job.created_by,
                choices=options.snapshot_choices(version.campaign.seed),
                progress=progress,
            )
            version.save(update_fields=["snapshot"])
        folder, manifest = build_folder(
            version=version, snapshot=version.snapshot, options=options, progress=progress
        )
        _publish(version, folder.name, manifest, manifest_digest(folder), job)
    counts = version.manifest["pairs"]["total"]
    return {
        "url": reverse("dataset-detail", args=[version.campaign.slug, version.number]),
        "pairs": counts["possible"],
        "rows": counts["exported_rows"],
    }


def _publish(
    version: DatasetVersion, folder: str, manifest: dict[str, Any], digest: str, job: Job
) -> None:
    with transaction.atomic():
        version.folder, version.manifest, version.digest = folder, manifest, digest
        version.state = BuildState.READY
        version.save(update_fields=["folder", "manifest", "digest", "state"])
        record_event(
            actor=job.created_by,
            verb=AuditVerb.EXPORTED,
            object_type="dataset",
            object_id=version.pk,
            campaign=version.campaign,
            data={"digest": digest, "rows": manifest["pairs"]["total"]["exported_rows"]},
        )
