"""The training objective: ranking terms, point-wise anchor and prior, each averaged and weighed."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

import torch
from torch import Tensor, nn
from typing_extensions import override

from modeling.config import LossSettings, RubricText
from modeling.heads import OVERALL_INDEX, Gaussian, Predicted, Targets, aggregate
from modeling.losses.ordinal import ordinal_loss
from modeling.losses.ranking import build_ranking_loss
from modeling.losses.squared import squared_errors


@dataclass(frozen=True, slots=True)
class Totals:
    """Denominators of a whole batch, so that micro-batches add up to the same loss."""

    overall: float
    dimension: float
    tied: float
    ratings: float
    candidates: float
    scores: float  # of candidates on dimensions
    complete: float  # candidates with all of them

    @classmethod
    def of(cls, targets: Targets) -> Totals:
        """The denominators of a single batch."""
        return cls.count(targets).divisors()

    @classmethod
    def count(cls, targets: Targets) -> Totals:
        """The batch's count of each kind, zero included, so that batches can be summed."""
        decided = ~targets.tied
        known = ~torch.isnan(targets.scores)
        aggregate_pairs = targets.dimension == OVERALL_INDEX
        return cls(
            overall=float(targets.weight[decided & aggregate_pairs].sum()),
            dimension=float(targets.weight[decided & ~aggregate_pairs].sum()),
            tied=float(targets.weight[targets.tied].sum()),
            ratings=float(targets.counts.sum()),
            candidates=float(len(targets.scores)),
            scores=float(known.sum()),
            complete=float(known.all(dim=1).sum()),
        )

    @classmethod
    def none(cls) -> Totals:
        """The totals of a batch that does not count."""
        return cls(*(0.0 for _ in fields(cls)))

    def divisors(self) -> Totals:
        """The same with 1 for each empty kind, to avoid division by zero."""
        return Totals(*(value if value > 0 else 1.0 for value in astuple(self)))


class Objective(nn.Module):
    """Weighs the terms of :class:`LossSettings` for one rubric."""

    def __init__(self, settings: LossSettings, *, rubric: RubricText) -> None:
        super().__init__()
        self.settings = settings
        self.rubric = rubric
        self.ranking = build_ranking_loss(settings)

    @override
    def forward(
        self, predicted: Predicted, targets: Targets, totals: Totals, shares: Tensor
    ) -> dict[str, Tensor]:
        """The weighted terms by name; their sum is the loss.

        ``shares`` (E, N) is how much each candidate counts for each ensemble member.
        """
        terms: dict[str, Tensor] = {}
        for mean, std, share in zip(
            predicted.scores.mean, predicted.scores.std, shares, strict=True
        ):
            scores = Gaussian(mean, std)
            found = self._ranking_terms(scores, targets, totals, share)
            found += self._point_terms(scores, predicted.cutpoints, targets, totals, share)
            for name, value in found:
                terms[name] = terms.get(name, value.new_zeros(())) + value / len(shares)
        return terms

    def _point_terms(
        self, scores: Gaussian, cutpoints: Tensor, targets: Targets, totals: Totals, share: Tensor
    ) -> list[tuple[str, Tensor]]:
        counts = targets.counts * share[:, None, None]
        anchor = ordinal_loss(scores.mean, scores.variance, cutpoints, counts)
        prior = (scores.std.log().square().mean(dim=1) * share).sum()
        return [
            ("anchor", self.settings.anchor_weight * anchor / totals.ratings),
            ("prior", self.settings.spread_prior * prior / totals.candidates),
        ]

    def _squared_terms(
        self, scores: Gaussian, targets: Targets, totals: Totals, share: Tensor
    ) -> list[tuple[str, Tensor]]:
        settings = self.settings
        overall, dimension = squared_errors(
            scores, targets, settings.aggregation, rubric=self.rubric, share=share
        )
        return [
            ("overall", settings.overall_weight * overall / totals.complete),
            ("dimension", settings.dimension_weight * dimension / totals.scores),
        ]

    def _ranking_terms(
        self, scores: Gaussian, targets: Targets, totals: Totals, share: Tensor
    ) -> list[tuple[str, Tensor]]:
        settings = self.settings
        if self.ranking is None:
            return self._squared_terms(scores, targets, totals, share)
        overall = aggregate(scores, weights=self.rubric.weights, name=settings.aggregation)
        gap, variance = pair_gaps(scores, overall, targets)
        weight = targets.weight * share[targets.preferred]
        losses = self.ranking(gap, variance)
        decided, of_overall = ~targets.tied, targets.dimension == OVERALL_INDEX
        ties = self.ranking.tied(gap, variance)
        parts = (
            ("overall", losses, decided & of_overall, settings.overall_weight, totals.overall),
            (
                "dimension",
                losses,
                decided & ~of_overall,
                settings.dimension_weight,
                totals.dimension,
            ),
            ("identical", ties, targets.tied, settings.identical_weight, totals.tied),
        )
        return [
            (name, factor * (values * weight * chosen).sum() / total)
            for name, values, chosen, factor, total in parts
        ]


def pair_gaps(scores: Gaussian, overall: Gaussian, targets: Targets) -> tuple[Tensor, Tensor]:
    """Gap and variance (P,) of each pair on the scale that it speaks for."""
    # The aggregate is last, where OVERALL_INDEX = -1 finds it.
    mean = torch.cat([scores.mean, overall.mean.unsqueeze(1)], dim=1)
    variance = torch.cat([scores.variance, overall.variance.unsqueeze(1)], dim=1)
    column = targets.dimension % mean.shape[1]
    gap = mean[targets.preferred, column] - mean[targets.other, column]
    return gap, variance[targets.preferred, column] + variance[targets.other, column]
