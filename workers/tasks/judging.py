"""A reward model scores a benchmark: load the run, call `modeling`, record the result."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage

from annotation_app.enums import BuildState
from annotation_app.exceptions import InvalidInputError, JobCancelledError
from annotation_app.models import Job, JudgeRun
from annotation_app.services.benchmarks.judging import end_model_run, record_model_run
from annotation_app.services.jobs.reporting import JobReporter
from modeling.scorer import RewardModel, ScoreItem
from workers.tasks.devices import model_device

GROUPS_AT_ONCE = 16

Group = dict[str, Any]


def score_benchmark(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Predict every group of the run's benchmark, those for calibration too, and score them."""
    run = JudgeRun.objects.select_related(
        "benchmark__campaign", "model__campaign", "model__dataset__snapshot"
    ).get(pk=job.arguments["run"])
    try:
        predictions = _predict(run, reporter)
    except JobCancelledError:
        end_model_run(run=run, state=BuildState.CANCELLED)
        raise
    except Exception:
        end_model_run(run=run, state=BuildState.FAILED)
        raise
    return record_model_run(run=run, predictions=predictions, actor=job.created_by)


def _predict(run: JudgeRun, reporter: JobReporter) -> dict[str, list[float]]:
    if run.model is None:
        raise InvalidInputError("This run does not name a reward model.")
    folder = Path(settings.MODEL_ROOT) / run.model.folder
    model = RewardModel.from_pretrained(folder, device=model_device())
    groups: Sequence[Group] = run.benchmark.groups
    found: dict[str, list[float]] = {}
    for start in range(0, len(groups), GROUPS_AT_ONCE):
        batch = groups[start : start + GROUPS_AT_ONCE]
        items = [_score_item(group).open() for group in batch]
        for group, prediction in zip(batch, model.predict(items=items), strict=True):
            scores = dict(
                zip(prediction.candidate_ids, prediction.overall_mean.tolist(), strict=True)
            )
            found[group["group_id"]] = [scores[one["candidate_id"]] for one in group["candidates"]]
        reporter(start + len(batch), len(groups), "scoring groups")
    return found


def _score_item(group: Group) -> ScoreItem:
    return ScoreItem(
        item_id=group["group_id"],
        instruction=group["instruction"],
        source=_content(group["source_image"]["file"]),
        candidates={
            one["candidate_id"]: _content(one["image"]["file"]) for one in group["candidates"]
        },
    )


def _content(name: str) -> bytes:
    with default_storage.open(name, "rb") as file:
        content: bytes = file.read()
        return content
