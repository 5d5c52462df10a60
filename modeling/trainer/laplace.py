"""Fitting the last-layer Laplace approximation on the training pairs, after training."""

from __future__ import annotations

import torch

from modeling.data import GroupDataset, collate
from modeling.heads import OVERALL_INDEX
from modeling.model import LastLayerLaplace, RewardNetwork
from modeling.model.epistemic import LaplaceFit, pair_curvature

_BATCH = 16
_MOST = 1000  # items; more would cost a forward pass each and hardly move the posterior's shape


@torch.no_grad()
def fit_laplace(network: RewardNetwork, dataset: GroupDataset) -> LastLayerLaplace | None:
    """Posterior of the first member's mean heads; ``None`` without dimension pairs.

    At most a thousand items are read, evenly spaced, and their curvature counts for all.
    """
    network.eval()
    device = next(network.parameters()).device
    fit: LaplaceFit | None = None
    count = min(len(dataset), _MOST)
    chosen = [index * len(dataset) // count for index in range(count)]
    for start in range(0, count, _BATCH):
        rows = [dataset[index] for index in chosen[start : start + _BATCH]]
        batch = collate(rows)["batch"].to(device)
        output = network(batch.groups, cached=True)
        targets = batch.targets
        single = (targets.dimension != OVERALL_INDEX) & ~targets.tied
        if not bool(single.any()):
            continue
        first, second = targets.preferred[single], targets.other[single]
        column = targets.dimension[single]
        mean, variance = output.scores.mean[0], output.scores.variance[0]
        gap = mean[first, column] - mean[second, column]
        spread = variance[first, column] + variance[second, column]
        if fit is None:
            fit = LaplaceFit(*output.features.shape[1:])
        differences = output.features[first] - output.features[second]
        fit.add(differences, pair_curvature(gap, spread) * len(dataset) / count, column)
    return None if fit is None else fit.finish()
