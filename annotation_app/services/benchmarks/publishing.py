"""Publishing a benchmark: after the raters' joint ranking check, or by an admin's override."""

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotation_app.enums import AuditVerb, BenchmarkStage, BuildState, JobKind
from annotation_app.exceptions import ConflictError
from annotation_app.models import Benchmark, Job, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.benchmarks.building import benchmark_url
from annotation_app.services.benchmarks.files import write_files
from annotation_app.services.benchmarks.groups import CALIBRATION, of_part
from annotation_app.services.benchmarks.plans import FEWEST_GROUPS, scale_middle
from annotation_app.services.benchmarks.rankings import joint_labels
from annotation_app.services.jobs.lifecycle import create_job

Progress = Callable[[int, int, str], None]


def request_publication(*, benchmark: Benchmark, actor: User, override_reason: str = "") -> Job:
    """Ask for the publication of a checked benchmark.

    Args:
        benchmark: one with chosen groups.
        actor: who publishes it.
        override_reason: why it need not wait for the rankings that are missing.

    Raises:
        ConflictError: if it is not built, published already, or raters have still to rank and no
            reason is given.
    """
    if benchmark.state != BuildState.READY or benchmark.stage == BenchmarkStage.PUBLISHED:
        raise ConflictError(_("Only a built benchmark that is not yet published can be published."))
    waiting = benchmark.joint_rankings.filter(ranks__isnull=True).count()
    if waiting and not override_reason.strip():
        raise ConflictError(
            ngettext(
                "%(count)s ranking has not been confirmed yet. Wait for it, or give a "
                "reason to publish without it.",
                "%(count)s rankings have not been confirmed yet. Wait for them, or "
                "give a reason to publish without them.",
                waiting,
            )
            % {"count": waiting}
        )
    return create_job(
        kind=JobKind.PUBLISH_BENCHMARK,
        arguments={"benchmark": benchmark.pk, "reason": override_reason.strip() if waiting else ""},
        created_by=actor,
        campaign=benchmark.campaign,
        dedupe_key=f"publish-benchmark:{benchmark.pk}",
    )


def run_publish_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Write a benchmark's files and make it public; safe to run again after a crash.

    Raises:
        ConflictError: if a rater changed an order while the files were written.
    """
    benchmark = Benchmark.objects.select_related("campaign__rubric", "snapshot__guideline").get(
        pk=job.arguments["benchmark"]
    )
    if benchmark.stage != BenchmarkStage.PUBLISHED:
        _publish(benchmark, job, progress)
    return {"url": benchmark_url(benchmark), "groups": benchmark.manifest["groups"]}


def _publish(benchmark: Benchmark, job: Job, progress: Progress) -> None:
    stamp = _stamp(benchmark)
    groups, outcomes = joint_labels(benchmark, scale_middle(benchmark.campaign.rubric))
    if len(groups) < FEWEST_GROUPS:
        raise ConflictError(
            _("The raters agree on fewer than five groups: too few to compare judges.")
        )
    benchmark.override_reason = job.arguments["reason"]
    root = Path(settings.EXPORT_ROOT)
    name = f"benchmark-{benchmark.public_id}"
    final, aside = root / name, root / f"{name}.building"
    for leftover in (aside, final):
        shutil.rmtree(leftover, ignore_errors=True)
    aside.mkdir(parents=True)
    calibration = of_part(benchmark.groups, CALIBRATION)
    manifest = write_files(
        aside,
        benchmark=benchmark,
        groups=[*groups, *calibration],
        outcomes=outcomes,
        progress=progress,
    )
    aside.replace(final)
    benchmark.groups, benchmark.manifest = [*groups, *calibration], manifest
    benchmark.folder = name
    _record(benchmark, job, stamp)


def _record(benchmark: Benchmark, job: Job, stamp: tuple[int, datetime | None]) -> None:
    with transaction.atomic():
        Benchmark.objects.select_for_update().get(pk=benchmark.pk)  # waits for raters' answers
        if _stamp(benchmark) != stamp:
            raise ConflictError(_("A rater changed an order in the meantime. Publish again."))
        benchmark.stage = BenchmarkStage.PUBLISHED
        benchmark.published_at, benchmark.published_by = timezone.now(), job.created_by
        changed = ("groups", "manifest", "folder", "stage", "override_reason")
        benchmark.save(update_fields=[*changed, "published_at", "published_by"])
        record_event(
            actor=job.created_by,
            verb=AuditVerb.PUBLISHED,
            object_type="benchmark",
            object_id=benchmark.pk,
            campaign=benchmark.campaign,
            data={
                "groups": benchmark.manifest["groups"],
                "joint_check": benchmark.manifest["joint_check"],
                "override_reason": benchmark.override_reason,
            },
        )


def _stamp(benchmark: Benchmark) -> tuple[int, datetime | None]:
    """Changes with every answer of a rater."""
    found = benchmark.joint_rankings.aggregate(given=Count("ranks"), last=Max("decided_at"))
    return found["given"], found["last"]
