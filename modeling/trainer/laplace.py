"""Fitting the last-layer Laplace approximation on the training pairs, after training."""

from __future__ import annotations

import torch
from torch import Tensor

from modeling.data import GroupDataset, collate
from modeling.heads import OVERALL_INDEX
from modeling.model import LastLayerLaplace, RewardNetwork, require_finite
from modeling.model.epistemic import LaplaceFit, pair_curvature
from modeling.trainer.portions import Portions

_MOST = 1000  # items; more would cost a forward pass each and hardly move the posterior's shape
Pairs = tuple[Tensor, Tensor, Tensor]  # feature differences, curvature, block


@torch.no_grad()
def fit_laplace(
    network: RewardNetwork, dataset: GroupDataset, portions: Portions
) -> LastLayerLaplace:
    """Posterior of the first member's mean heads.

    At most a thousand items are read, evenly spaced, and their curvature counts for all, a pair's
    as often as its weight says. A head that all dimensions share has one posterior, to which the
    pairs of all of them add.
    """
    network.eval()
    # A run resumed after its last step does not know the epoch it was in.
    dataset = dataset.unmirrored()
    heads = network.heads
    fit = LaplaceFit(1 if heads.shared else heads.dimensions, heads.width)
    count = min(len(dataset), _MOST)
    chosen = [index * len(dataset) // count for index in range(count)]

    def run(portion: range) -> Pairs:
        return _pairs(network, dataset, [chosen[index] for index in portion])

    for differences, curvature, block in portions.over(count, run):
        fit.add(differences, curvature * len(dataset) / count, block)
    first, *others = portions.join([fit])
    for other in others:
        first.join(other)
    return first.finish()


def _pairs(network: RewardNetwork, dataset: GroupDataset, chosen: list[int]) -> Pairs:
    """The decided pairs of some items: differences (P, blocks, F), curvature and block (P,)."""
    device = next(network.parameters()).device
    batch = collate([dataset[index] for index in chosen])["batch"].to(device)
    output = network(batch.groups, cached=True)
    targets = batch.targets
    single = (targets.dimension != OVERALL_INDEX) & ~targets.tied
    first, second = targets.preferred[single], targets.other[single]
    column = targets.dimension[single]
    mean, variance = output.scores.mean[0], output.scores.variance[0]
    gap = mean[first, column] - mean[second, column]
    information = pair_curvature(gap, variance[first, column] + variance[second, column])
    curvature = targets.weight[single] * information
    differences = output.features[first] - output.features[second]
    require_finite({"features": differences, "gap": gap})
    if network.heads.shared:
        own = torch.arange(len(column), device=device)
        return differences[own, column].unsqueeze(1), curvature, torch.zeros_like(column)
    return differences, curvature, column
