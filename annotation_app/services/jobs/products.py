"""What jobs make: versions and benchmarks end with their job, and are awaited again with a retry.

Only `services.jobs.lifecycle` calls this. A job that dies, or is cancelled before it runs, has no
runner that could say so.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from annotation_app.enums import BuildState
from annotation_app.models import Benchmark, DatasetVersion, JudgeRun, RewardModelVersion

ENDED = (BuildState.FAILED, BuildState.CANCELLED)


def end_products(*, jobs: Iterable[int], state: BuildState) -> None:
    """Say of everything that these jobs were still making that it failed or was cancelled."""
    for made in _products(jobs):
        made.filter(state=BuildState.BUILDING).update(state=state)


def reopen_products(*, jobs: Iterable[int]) -> None:
    """Say of everything that these jobs make again that it is being built."""
    for made in _products(jobs):
        made.filter(state__in=ENDED).update(state=BuildState.BUILDING)


def _products(jobs: Iterable[int]) -> "tuple[QuerySet[Any], ...]":
    asked = list(jobs)
    return (
        DatasetVersion.objects.filter(job__in=asked),
        Benchmark.objects.filter(job__in=asked),
        RewardModelVersion.objects.filter(job__in=asked),
        JudgeRun.objects.filter(job__in=asked),
    )
