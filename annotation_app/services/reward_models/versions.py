"""Reward model versions: requested, and recorded when they are trained."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from annotation_app.enums import AuditVerb, BuildState, JobKind, ModelStage
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import Campaign, DatasetVersion, RewardModelVersion, User
from annotation_app.services.audit.events import record_event
from annotation_app.services.jobs.lifecycle import create_job


@dataclass(frozen=True)
class TrainedModel:
    """The result of a training run: the checkpoint's path and its accuracy."""

    folder: str
    weights_sha256: str
    metrics: dict[str, Any]


def request_training(
    *,
    campaign: Campaign,
    dataset: DatasetVersion,
    backbone: str,
    config: dict[str, Any],
    created_by: User | None,
) -> RewardModelVersion:
    """Ask for a reward model trained on a ready dataset version.

    Raises:
        InvalidInputError: if the dataset is not ready, is another campaign's, has no training
            folder, or was touched by a withdrawal.
    """
    if dataset.campaign_id != campaign.pk or dataset.state != BuildState.READY:
        raise InvalidInputError(_("Choose a ready dataset version of this campaign."))
    if "groups.jsonl" not in dataset.manifest.get("files", {}):
        raise InvalidInputError(
            _("This dataset version has no training folder. Build one with the training format.")
        )
    if not dataset.rebuildable:
        raise InvalidInputError(
            _(
                "Items of this version have been withdrawn since it was built. Build a new "
                "version and train on that."
            )
        )
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=campaign.pk)  # numbers without twins
        last = campaign.models.aggregate(last=Max("number"))["last"] or 0
        version = RewardModelVersion.objects.create(
            campaign=campaign,
            number=last + 1,
            rubric=campaign.rubric,
            dataset=dataset,
            backbone=backbone,
            config=config,
            created_by=created_by,
        )
        version.job = create_job(
            kind=JobKind.TRAIN_MODEL,
            arguments={"model": version.pk},
            created_by=created_by,
            campaign=campaign,
        )
        version.save(update_fields=["job"])
        return version


def record_training(
    *, version: RewardModelVersion, trained: TrainedModel, actor: User | None
) -> dict[str, Any]:
    """Record a finished training; the campaign's first model becomes its champion.

    Returns:
        The job's result.
    """
    with transaction.atomic():
        version.folder = trained.folder
        version.weights_sha256 = trained.weights_sha256
        version.metrics = trained.metrics
        version.state = BuildState.READY
        rivals = RewardModelVersion.objects.filter(
            campaign=version.campaign, stage=ModelStage.CHAMPION
        )
        if not rivals.exists():
            version.stage = ModelStage.CHAMPION
        version.save(update_fields=["folder", "weights_sha256", "metrics", "state", "stage"])
        record_event(
            actor=actor,
            verb=AuditVerb.TRAINED,
            object_type="model",
            object_id=version.pk,
            campaign=version.campaign,
            data={"weights_sha256": trained.weights_sha256},
        )
    return {"url": reverse("model-detail", args=[version.campaign.slug, version.number])}


def end_training(*, version: RewardModelVersion, state: BuildState) -> None:
    """Record that a training failed or was cancelled."""
    unfinished = RewardModelVersion.objects.filter(pk=version.pk, state=BuildState.BUILDING)
    unfinished.update(state=state)


def restart_training(*, version: RewardModelVersion) -> None:
    """Mark a version whose job is tried again as being built."""
    ended = RewardModelVersion.objects.filter(pk=version.pk).exclude(state=BuildState.READY)
    ended.update(state=BuildState.BUILDING)
