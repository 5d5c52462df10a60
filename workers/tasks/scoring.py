"""Predicting with a reward model, and the order of tasks that follows from it."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.core.files.storage import default_storage
from django.urls import reverse

from annotation_app.enums import PriorityStrategy
from annotation_app.models import Job, RewardModelVersion
from annotation_app.selectors.collections.candidates import ItemFiles, item_files, open_item_ids
from annotation_app.services.jobs.reporting import JobReporter
from annotation_app.services.queue.priorities import write_priorities
from annotation_app.services.reward_models.predictions import (
    PredictedScore,
    ensure_prediction_partition,
    store_predictions,
)
from modeling.acquisition import prioritise
from modeling.config import StrategyName
from modeling.model import GroupPrediction
from modeling.scorer import RewardModel, ScoreItem
from workers.tasks.devices import model_device

ITEMS_AT_ONCE = 16
TOP_OF_QUEUE = 5000  # items whose order a refresh rewrites; the next refresh looks again
DEFAULT_STRATEGY = PriorityStrategy.BALD


def predict_campaign(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Score every drawn candidate of a campaign, store it, and refresh priorities if asked."""
    version = _version(job)
    ensure_prediction_partition(version=version)
    predictions = []
    for batch in _predicted_batches(version, reporter):
        store_predictions(version=version, scores=_rows(batch))
        predictions += batch
    result = {"items": len(predictions), "url": _url(version)}
    if job.arguments.get("refresh"):
        result["tasks"] = _reorder(version, predictions, DEFAULT_STRATEGY, job)
    return result


def refresh_priorities(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Check the open items again and rewrite the top of the queue."""
    version = _version(job)
    strategy = PriorityStrategy(job.arguments["strategy"])
    predictions = [
        prediction for batch in _predicted_batches(version, reporter) for prediction in batch
    ]
    return {"tasks": _reorder(version, predictions, strategy, job), "url": _url(version)}


def _version(job: Job) -> RewardModelVersion:
    return RewardModelVersion.objects.select_related("campaign").get(pk=job.arguments["model"])


def _url(version: RewardModelVersion) -> str:
    return reverse("model-detail", args=[version.campaign.slug, version.number])


def _predicted_batches(
    version: RewardModelVersion, reporter: JobReporter
) -> Iterator[list[GroupPrediction]]:
    """Predictions by batches of items; `item_id` is the campaign item's id as text."""
    folder = Path(settings.MODEL_ROOT) / version.folder
    model = RewardModel.from_pretrained(folder, device=model_device())
    total = version.campaign.campaign_items.count()
    done = 0
    for page in item_files(version.campaign):
        shown = [item for item in page if item.candidates]
        for start in range(0, len(shown), ITEMS_AT_ONCE):
            batch = shown[start : start + ITEMS_AT_ONCE]
            yield model.predict(items=[_score_item(item).open() for item in batch])
            done += len(batch)
            reporter(done, total, "scoring candidates")


def _score_item(item: ItemFiles) -> ScoreItem:
    return ScoreItem(
        item_id=str(item.campaign_item_id),
        instruction=item.instruction,
        source=_content(item.source_file),
        candidates={str(one.candidate_id): _content(one.file) for one in item.candidates},
    )


def _content(name: str) -> bytes:
    with default_storage.open(name, "rb") as file:
        content: bytes = file.read()
        return content


def _rows(batch: Sequence[GroupPrediction]) -> Iterator[PredictedScore]:
    for item in batch:
        for index, candidate in enumerate(item.candidate_ids):
            yield PredictedScore(
                candidate_id=int(candidate),
                means=item.mean[index].tolist(),
                deviations=item.std[index].tolist(),
                overall_mean=float(item.overall_mean[index]),
                overall_deviation=float(item.overall_std[index]),
                epistemic=float(item.overall_epistemic_std[index]),
            )


def _reorder(
    version: RewardModelVersion,
    predictions: Sequence[GroupPrediction],
    strategy: PriorityStrategy,
    job: Job,
) -> int:
    waiting = set(open_item_ids(version.campaign))
    worth = prioritise(
        predictions=[one for one in predictions if int(one.item_id) in waiting],
        strategy=StrategyName(strategy.value),
        batch=TOP_OF_QUEUE,
        rng=np.random.default_rng([version.campaign.seed, version.pk]),
    )
    return write_priorities(
        campaign=version.campaign,
        version=version,
        strategy=strategy,
        worth={int(item): value for item, value in worth.items()},
        actor=job.created_by,
    )
