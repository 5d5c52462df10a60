"""Storing what a model version predicts."""

from collections.abc import Iterable
from dataclasses import dataclass

from annotation_app.models import Prediction, RewardModelVersion

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
    """Write predictions, replacing the same model's earlier ones; how many were written."""
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
