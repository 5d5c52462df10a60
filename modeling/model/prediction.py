"""Predictions of whole items as NumPy arrays: what evaluation, probes and acquisition read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from modeling.backbones import PreparedGroup
from modeling.config import AggregationName
from modeling.heads import Gaussian, Predicted
from modeling.likelihood import disagreement_chance
from modeling.model.calibration import Calibration
from modeling.model.epistemic import LastLayerLaplace, ensemble_factor
from modeling.model.network import RewardNetwork

Array = NDArray[np.float64]


class NotFiniteError(ValueError):
    """Predictions that cannot be ranked because they are not finite."""


@dataclass(frozen=True, slots=True)
class GroupPrediction:
    """One item's k candidates on D dimensions; means and deviations in preference logits."""

    item_id: str
    candidate_ids: tuple[str, ...]
    mean: Array  # (k, D)
    std: Array  # (k, D), aleatoric: how much raters would disagree
    overall_mean: Array  # (k,)
    overall_std: Array  # (k,)
    factor: Array  # (k, S): epistemic covariance of the overall mean is factor @ factor.T
    epistemic_std: Array  # (k, D)
    level: Array  # (k, D): expected level of a rating
    disagreement: Array  # (k, D): chance that two raters give different levels

    @property
    def overall_epistemic_std(self) -> Array:
        """(k,) standard deviation of the overall mean itself."""
        spread: Array = np.sqrt(np.square(self.factor).sum(axis=1))
        return spread

    def calibrated(self, calibration: Calibration, keys: Sequence[str]) -> GroupPrediction:
        """The same with each σ times its factor; ``keys`` name the D dimensions."""
        factors = np.array([calibration.factor(key) for key in keys])
        overall = self.overall_std * calibration.factor()
        return replace(self, std=self.std * factors, overall_std=overall)


def predict(
    network: RewardNetwork,
    groups: Sequence[PreparedGroup],
    *,
    aggregation: AggregationName,
    calibration: Calibration,
    laplace: LastLayerLaplace | None = None,
) -> list[GroupPrediction]:
    """Predict one batch of prepared items; the network must be in evaluation mode.

    ``NotFiniteError`` if a number is not finite, because it cannot be ranked.
    """
    device = next(network.parameters()).device
    with torch.no_grad():
        output = network([group.to(device) for group in groups], cached=True)
    scores = _mixture(output.scores)
    overall, sensitivity = _overall(network, scores, aggregation)
    factor = _factor(output, laplace)
    columns = {
        "mean": scores.mean,
        "std": scores.std,
        "overall_mean": overall.mean,
        "overall_std": overall.std,
        "factor": torch.einsum("nds,nd->ns", factor, sensitivity),
        "epistemic_std": factor.square().sum(dim=2).sqrt(),
        "level": _expected_levels(network, scores, output.cutpoints),
        "disagreement": disagreement_chance(scores.mean, scores.variance, output.cutpoints),
    }
    require_finite(columns)
    found = split_predictions(((group.item_id, group.candidate_ids) for group in groups), columns)
    return [each.calibrated(calibration, network.rubric.keys) for each in found]


def _mixture(members: Gaussian) -> Gaussian:
    """Mean of the members and root of their mean variance: the aleatoric part alone."""
    return Gaussian(members.mean.mean(dim=0), members.variance.mean(dim=0).sqrt())


def _overall(
    network: RewardNetwork, scores: Gaussian, name: AggregationName
) -> tuple[Gaussian, Tensor]:
    """The aggregate and its derivative (N, D) in each dimension's mean."""
    with torch.enable_grad():
        mean = scores.mean.detach().requires_grad_()
        overall = network.overall(Gaussian(mean, scores.std), name)
        (sensitivity,) = torch.autograd.grad(overall.mean.sum(), mean)
    return Gaussian(overall.mean.detach(), overall.std.detach()), sensitivity


def _factor(output: Predicted, laplace: LastLayerLaplace | None) -> Tensor:
    if laplace is None:
        return ensemble_factor(output.scores.mean)
    moved = LastLayerLaplace(laplace.cholesky.to(output.features.device))
    return moved.factor(output.features)


def _expected_levels(network: RewardNetwork, scores: Gaussian, cutpoints: Tensor) -> Tensor:
    """Σ level · P(level), each P under the logistic link with σ folded in (MacKay 1992)."""
    shrink = torch.sqrt(1 + torch.pi * scores.variance / 8).unsqueeze(-1)
    below = torch.sigmoid((cutpoints - scores.mean.unsqueeze(-1)) / shrink)
    columns = []
    for index, dimension in enumerate(network.rubric.dimensions):
        steps = torch.tensor(dimension.levels, dtype=torch.float32, device=below.device).diff()
        above = 1 - below[:, index, : len(steps)]
        columns.append(dimension.levels[0] + above @ steps)
    return torch.stack(columns, dim=1)


def require_finite(columns: Mapping[str, Tensor]) -> None:
    """Refuse what damaged weights, or a training that diverged, predict."""
    if strange := [name for name, value in columns.items() if not bool(value.isfinite().all())]:
        raise NotFiniteError(
            f"the model predicts numbers that are not finite ({', '.join(strange)}): its weights "
            "are damaged, or its training has diverged"
        )


def split_predictions(
    items: Iterable[tuple[str, tuple[str, ...]]], columns: Mapping[str, Tensor]
) -> list[GroupPrediction]:
    """Rows of a batch cut into items; ``items`` are their ids with their candidates' ids."""
    arrays = {name: value.double().cpu().numpy() for name, value in columns.items()}
    predictions, start = [], 0
    for item_id, candidate_ids in items:
        rows = slice(start, start + len(candidate_ids))
        own = {name: value[rows] for name, value in arrays.items()}
        predictions.append(GroupPrediction(item_id, candidate_ids, **own))
        start = rows.stop
    return predictions
