"""Judges of a published benchmark: uploaded or of the installation, scored, ranked, removed."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from analytics.leaderboard.judges import compare_with_others, rank_by_hits
from annotation_app.enums import (
    AuditVerb,
    BenchmarkStage,
    BuildState,
    JobKind,
    JudgeKind,
    Split,
)
from annotation_app.exceptions import ConflictError, InvalidInputError
from annotation_app.models import (
    Benchmark,
    CampaignItem,
    Job,
    JudgeRun,
    RewardModelVersion,
    SnapshotItem,
    User,
)
from annotation_app.services.audit.events import record_event
from annotation_app.services.benchmarks.building import benchmark_url
from annotation_app.services.benchmarks.figures import ends
from annotation_app.services.benchmarks.predictions import Predictions
from annotation_app.services.benchmarks.scoring import answer_sheet, score_sheet
from annotation_app.services.jobs.lifecycle import create_job

LONGEST_NAME = 100


def group_candidates(benchmark: Benchmark) -> dict[str, list[str]]:
    """The candidates' ids of every group, those for calibration too, in the order A, B, C, D."""
    return {
        group["group_id"]: [one["candidate_id"] for one in group["candidates"]]
        for group in benchmark.groups
    }


def check_name(*, benchmark: Benchmark, name: str) -> None:
    """See that a judge of this name can be scored on a benchmark.

    Raises:
        InvalidInputError: if there is no name, or it is too long.
        ConflictError: if the benchmark is not published, or the name is taken.
    """
    _check_published(benchmark)
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise InvalidInputError(_("The name of a judge may have at most 100 characters."))
    if benchmark.judge_runs.filter(name=name.strip()).exists():
        raise _name_taken(name)


def record_predictions(
    *,
    benchmark: Benchmark,
    name: str,
    predictions: Predictions,
    actor: User | None,
    job: Job | None = None,
) -> JudgeRun:
    """Store and score the predictions of an uploaded file, which a job has read.

    Raises:
        ConflictError: if the benchmark is not published, or the name is taken.
    """
    _check_published(benchmark)
    with transaction.atomic():
        run = _create_run(benchmark, name, predictions.kind, actor, job)
        _finish(run, predictions.values, actor)
    return run


def request_model_run(
    *, benchmark: Benchmark, version: RewardModelVersion, created_by: User
) -> JudgeRun:
    """Ask a reward model of the installation to score a benchmark.

    Raises:
        ConflictError: if the benchmark is not published, or the model was scored on it.
        InvalidInputError: if the model is not ready.
    """
    _check_published(benchmark)
    if version.state != BuildState.READY:
        raise InvalidInputError(_("Only a trained model can be scored."))
    with transaction.atomic():
        name = f"{version.campaign.slug[:70]} model {version.number}"
        run = _create_run(benchmark, name, JudgeKind.MODEL, created_by)
        run.model = version
        run.job = create_job(
            kind=JobKind.SCORE_BENCHMARK,
            arguments={"run": run.pk},
            created_by=created_by,
            campaign=benchmark.campaign,
        )
        run.save(update_fields=["model", "job"])
    return run


def record_model_run(
    *, run: JudgeRun, predictions: Mapping[str, Sequence[float | None]], actor: User | None
) -> dict[str, Any]:
    """Score what a model predicted; the job's result."""
    with transaction.atomic():
        _finish(run, predictions, actor, trained_on=_trained_on(run))
    return {"url": benchmark_url(run.benchmark), "groups": len(predictions)}


def end_model_run(*, run: JudgeRun, state: BuildState) -> None:
    """Record that a model's scoring failed or was cancelled."""
    JudgeRun.objects.filter(pk=run.pk, state=BuildState.BUILDING).update(state=state)


def remove_judge(*, run: JudgeRun, actor: User) -> None:
    """Take a judge off a benchmark's leaderboard; the audit log keeps its figures."""
    with transaction.atomic():
        benchmark = _locked(run.benchmark)
        record_event(
            actor=actor,
            verb=AuditVerb.RELEASED,
            object_type="judge",
            object_id=run.public_id,
            campaign=benchmark.campaign,
            data={"name": run.name, "report": run.report},
        )
        run.delete()
        _rebuild_board(benchmark)


def _check_published(benchmark: Benchmark) -> None:
    if benchmark.stage != BenchmarkStage.PUBLISHED:
        raise ConflictError(_("Judges are scored on published benchmarks only. Publish it first."))


def _create_run(
    benchmark: Benchmark, name: str, kind: JudgeKind, actor: User | None, job: Job | None = None
) -> JudgeRun:
    try:
        with transaction.atomic():
            return JudgeRun.objects.create(
                benchmark=benchmark, name=name.strip(), kind=kind, created_by=actor, job=job
            )
    except IntegrityError as error:
        raise _name_taken(name) from error


def _name_taken(name: str) -> ConflictError:
    return ConflictError(
        _("This leaderboard already has a judge named %(name)s. Remove it or choose another name.")
        % {"name": name.strip()}
    )


def _finish(
    run: JudgeRun, values: Mapping[str, Any], actor: User | None, trained_on: int = 0
) -> None:
    benchmark = _locked(run.benchmark)
    if run.kind == JudgeKind.ANSWERS:
        report = answer_sheet(benchmark.groups, values)
    else:
        report = score_sheet(benchmark.groups, values, benchmark.seed)
    run.predictions, run.report = dict(values), report | {"trained_on": trained_on}
    run.state = BuildState.READY
    run.save(update_fields=["predictions", "report", "state"])
    _rebuild_board(benchmark)
    record_event(
        actor=actor,
        verb=AuditVerb.CREATED,
        object_type="judge",
        object_id=run.public_id,
        campaign=benchmark.campaign,
        data={"name": run.name, "benchmark": benchmark.number},
    )


def _locked(benchmark: Benchmark) -> Benchmark:
    """The benchmark, locked: its board is written by one at a time."""
    rows = Benchmark.objects.select_for_update(of=("self",)).select_related("campaign")
    return rows.get(pk=benchmark.pk)


def _trained_on(run: JudgeRun) -> int:
    """How many of the benchmark's items were in the model's training split."""
    if run.model is None or run.model.dataset is None or run.model.dataset.snapshot is None:
        return 0
    chosen = [group["campaign_item"] for group in run.benchmark.groups]
    items = CampaignItem.objects.filter(pk__in=chosen).values("item")
    return SnapshotItem.objects.filter(
        snapshot=run.model.dataset.snapshot, campaign_item__item__in=items, split=Split.TRAIN
    ).count()


def compare_judge(run: JudgeRun) -> list[dict[str, Any]]:
    """A ready judge against every other one on the same strict groups, the best others first."""
    others = run.benchmark.judge_runs.filter(state=BuildState.READY)
    reports = {one.name: one.report for one in others}
    if run.name not in reports:
        return []
    strict, right = _hits(reports)
    compared = compare_with_others(run.name, right, np.arange(len(strict)), run.benchmark.seed)
    return [
        {
            "name": name,
            "difference": gap.difference.difference,
            "interval": ends(gap.difference.interval),
            "only_this": gap.mcnemar.only_first,
            "only_other": gap.mcnemar.only_second,
            "p_value": gap.mcnemar.p_value,
            "p_holm": adjusted,
        }
        for name, gap, adjusted in compared
    ]


def _hits(reports: Mapping[str, Any]) -> tuple[list[str], dict[str, NDArray[np.bool_]]]:
    """The strict groups, and which of them each judge got right."""
    strict = sorted(next(iter(reports.values()))["right"]) if reports else []
    right = {
        name: np.array([report["right"][group] for group in strict], dtype=np.bool_)
        for name, report in reports.items()
    }
    return strict, right


def _rebuild_board(benchmark: Benchmark) -> None:
    """Rank all judges again, with each one's paired difference to the leader."""
    reports = {run.name: run.report for run in benchmark.judge_runs.filter(state=BuildState.READY)}
    strict, right = _hits(reports)
    # every group is of a different item
    ranked = rank_by_hits(right, np.arange(len(strict)), benchmark.seed) if reports else []
    rows = [
        {
            "name": name,
            "behind": gap.difference.difference if gap else None,
            "behind_interval": ends(gap.difference.interval) if gap else None,
            "mcnemar_p": gap.mcnemar.p_value if gap else None,
        }
        for name, gap in ranked
    ]
    Benchmark.objects.filter(pk=benchmark.pk).update(board={"rows": rows})
