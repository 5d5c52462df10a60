"""Training a reward model: load the version, call `modeling`, record the result."""

import hashlib
import shutil
from pathlib import Path
from typing import Any

from django.conf import settings

from annotation_app.enums import BuildState
from annotation_app.exceptions import InvalidInputError, JobCancelledError
from annotation_app.models import Job, RewardModelVersion
from annotation_app.services.jobs.reporting import JobReporter
from annotation_app.services.reward_models.versions import (
    TrainedModel,
    end_training,
    record_training,
    restart_training,
)
from modeling.config import TrainConfig
from modeling.data import DataError
from modeling.trainer import TrainingCancelledError, TrainResult, train
from workers.tasks.devices import model_device

WEIGHTS = "model.safetensors"


def train_model(job: Job, reporter: JobReporter) -> dict[str, Any]:
    """Train the version that a job names; a second run resumes where a killed one stopped."""
    version = RewardModelVersion.objects.select_related("campaign", "dataset").get(
        pk=job.arguments["model"]
    )
    restart_training(version=version)
    try:
        result = _train(version, reporter)
    except JobCancelledError:
        end_training(version=version, state=BuildState.CANCELLED)
        raise
    except Exception:
        end_training(version=version, state=BuildState.FAILED)
        raise
    checkpoint = result.checkpoint
    trained = TrainedModel(
        folder=checkpoint.name,
        weights_sha256=_sha256(checkpoint / WEIGHTS),
        metrics=dict(result.metrics),
    )
    return record_training(version=version, trained=trained, actor=job.created_by)


def _train(version: RewardModelVersion, reporter: JobReporter) -> TrainResult:
    model_device()  # refuses what is not there; training takes the GPU that this child sees
    if version.dataset is None:
        raise InvalidInputError("This model version does not name a dataset version.")
    output = Path(settings.MODEL_ROOT) / f"{version.campaign.slug}-{version.number}"
    output.parent.mkdir(parents=True, exist_ok=True)
    # A finished folder without its record is what a kill between the two leaves behind.
    shutil.rmtree(output, ignore_errors=True)
    try:
        return train(
            TrainConfig.from_json({"backbone": version.backbone, **version.config}),
            data=Path(settings.EXPORT_ROOT) / version.dataset.folder,
            output=output,
            progress=reporter,
            should_stop=reporter.should_stop,
        )
    except TrainingCancelledError as error:
        raise JobCancelledError(str(error)) from error
    except (DataError, ValueError) as error:
        raise InvalidInputError(str(error)) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
