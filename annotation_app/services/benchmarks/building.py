"""Benchmarks: asked for, their groups chosen by a job, their raters asked to check the orders."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, BuildState, JobKind
from annotation_app.exceptions import InvalidInputError, JobCancelledError, JobLostError
from annotation_app.models import Benchmark, Campaign, ExternalSet, Job, SnapshotItem, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.benchmarks.choosing import Choice, choose_groups, describe_shortage
from annotation_app.services.benchmarks.plans import FEWEST_GROUPS, BenchmarkChoices
from annotation_app.services.benchmarks.rankings import ask_raters
from annotation_app.services.jobs.lifecycle import create_job
from annotation_app.services.snapshots.splits import SplitChoices
from annotation_app.services.snapshots.taking import SnapshotChoices, take_snapshot

Progress = Callable[[int, int, str], None]


def request_benchmark(
    *, campaign: Campaign, choices: BenchmarkChoices, created_by: User | None
) -> Benchmark:
    """Ask for a new benchmark; its job takes a snapshot and chooses the groups.

    Raises:
        InvalidInputError: if no campaign could satisfy the choices.
    """
    choices.check()
    with transaction.atomic():
        Campaign.objects.select_for_update(no_key=True).get(pk=campaign.pk)  # no twins
        last = campaign.benchmarks.aggregate(last=Max("number"))["last"] or 0
        benchmark = Benchmark.objects.create(
            campaign=campaign,
            number=last + 1,
            plan=choices.to_json(),
            seed=choices.seed,
            created_by=created_by,
        )
        benchmark.job = create_job(
            kind=JobKind.BUILD_BENCHMARK,
            arguments={"benchmark": benchmark.pk},
            created_by=created_by,
            campaign=campaign,
        )
        benchmark.save(update_fields=["job"])
        return benchmark


def run_build_job(job: Job, progress: Progress) -> dict[str, Any]:
    """Choose the groups of the benchmark that a job names; safe to run again after a crash.

    Raises:
        InvalidInputError: if groups are missing and that was not accepted; it says what is.
    """
    benchmark = Benchmark.objects.select_related("campaign__collection", "campaign__rubric").get(
        pk=job.arguments["benchmark"]
    )
    try:
        _build(benchmark, job, progress)
    except JobCancelledError:
        _end(benchmark, BuildState.CANCELLED)
        raise
    except JobLostError:  # another process builds it now
        raise
    except Exception:
        _end(benchmark, BuildState.FAILED)
        raise
    found = sum(benchmark.facts["found"].values())
    return {"url": benchmark_url(benchmark), "groups": found}


def benchmark_url(benchmark: Benchmark) -> str:
    """The address of a benchmark's page."""
    return reverse("benchmark-detail", args=[benchmark.campaign.slug, benchmark.number])


def _end(benchmark: Benchmark, state: BuildState) -> None:
    unfinished = Benchmark.objects.filter(pk=benchmark.pk).exclude(state=BuildState.READY)
    unfinished.update(state=state)


def _build(benchmark: Benchmark, job: Job, progress: Progress) -> None:
    if benchmark.state == BuildState.READY:
        return
    choices = BenchmarkChoices.from_json(benchmark.plan)
    benchmark.state = BuildState.BUILDING
    benchmark.save(update_fields=["state"])
    if benchmark.snapshot is None:
        splits = SplitChoices(seed=benchmark.campaign.seed)
        benchmark.snapshot = take_snapshot(
            campaign=benchmark.campaign,
            created_by=job.created_by,
            choices=SnapshotChoices(splits=splits),
            progress=progress,
        )
        benchmark.save(update_fields=["snapshot"])
    choice = choose_groups(benchmark.snapshot, choices, progress)
    benchmark.facts = choice.facts
    benchmark.save(update_fields=["facts"])
    if not choice.groups or not (choice.is_complete or choices.accept_fewer):
        raise InvalidInputError(describe_shortage(choice.facts, choices.raters))
    if sum(choice.facts["found"].values()) < FEWEST_GROUPS:
        raise InvalidInputError(
            _(
                "Fewer than five groups: too few to compare judges. Raise the overlap "
                "or exclude fewer items."
            )
        )
    _store(benchmark, choice, job)


def _store(benchmark: Benchmark, choice: Choice, job: Job) -> None:
    with transaction.atomic():
        benchmark.groups = choice.groups
        benchmark.external_set = ExternalSet.objects.create(
            collection=benchmark.campaign.collection,
            name=f"{benchmark.campaign.name[:170]}: benchmark {benchmark.number}",
            hashes=sorted(_hashes(benchmark, choice.groups)),
            created_by=job.created_by,
        )
        benchmark.state = BuildState.READY
        benchmark.save(update_fields=["groups", "external_set", "state"])
        asked = ask_raters(benchmark=benchmark)
        record_event(
            actor=job.created_by,
            verb=AuditVerb.CREATED,
            object_type="benchmark",
            object_id=benchmark.pk,
            campaign=benchmark.campaign,
            data={"groups": choice.facts["found"], "rankings_asked": asked},
        )


def _hashes(benchmark: Benchmark, groups: list[dict[str, Any]]) -> set[str]:
    """Every image of the chosen items, also of candidates outside the groups."""
    rows = SnapshotItem.objects.filter(
        snapshot=benchmark.snapshot,
        campaign_item__in=[group["campaign_item"] for group in groups],
    )
    return {
        image["sha256"]
        for facts in rows.values_list("facts", flat=True)
        for image in (facts["source_image"], *(one["image"] for one in facts["candidates"]))
    }
