"""Storing what a model version predicts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from annotation_app.enums import BuildState, JobKind
from annotation_app.exceptions import InvalidInputError
from annotation_app.models import (
    Job,
    Prediction,
    RewardModelVersion,
    User,
)
from annotation_app.services.jobs.lifecycle import create_job

ROWS_AT_ONCE = 2000


@dataclass(frozen=True)
class PredictedScore:
    """A candidate's predicted means and deviations in the rubric's order of dimensions."""

    candidate_id: int
    means: list[float]
    deviations: list[float]
    overall_mean: float
    overall_deviation: float
    epistemic: float | None


def store_predictions(*, version: RewardModelVersion, scores: Iterable[PredictedScore]) -> int:
    """Write predictions, replacing the same model's earlier ones; returns how many were written."""
    rows = [
        Prediction(
            model=version,
            candidate_id=score.candidate_id,
            means=score.means,
            deviations=score.deviations,
            overall_mean=score.overall_mean,
            overall_deviation=score.overall_deviation,
            epistemic=score.epistemic,
        )
        for score in scores
    ]
    Prediction.objects.bulk_create(
        rows,
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["model_id", "candidate_id"],
        update_fields=["means", "deviations", "overall_mean", "overall_deviation", "epistemic"],
    )
    return len(rows)


def request_predictions(
    *, version: RewardModelVersion, created_by: User | None, refresh: bool
) -> Job:
    """Ask a ready model to score every drawn candidate of its campaign.

    Args:
        version: the model.
        created_by: who asks.
        refresh: whether the tasks' priorities follow from the predictions at once.

    Raises:
        InvalidInputError: if the model is not ready.
        ConflictError: if the model is predicting already.
    """
    if version.state != BuildState.READY:
        raise InvalidInputError(_("Only a trained model can predict."))
    return create_job(
        kind=JobKind.PREDICT,
        arguments={"model": version.pk, "refresh": refresh},
        created_by=created_by,
        campaign=version.campaign,
        dedupe_key=f"predict:{version.pk}",
    )


def ensure_prediction_partition(*, version: RewardModelVersion) -> None:
    """Give a model version its own partition of the predictions' table."""
    name = f"annotation_app_prediction_{version.pk:d}"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF annotation_app_prediction "
            f"FOR VALUES IN ({version.pk:d})"
        )
