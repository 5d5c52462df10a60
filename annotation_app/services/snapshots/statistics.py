"""What a snapshot keeps besides its scores: agreement figures and facet scores, fitted once."""

from array import array
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.agreement.report import agreement_summary
from analytics.facet.fit import FacetFit, fit_facets
from analytics.overall import OVERALL, OverallScale
from analytics.scales import Scale
from analytics.tables import RatingTable
from annotation_app.enums import Design
from annotation_app.models import Campaign
from annotation_app.selectors.rating.scores import counted_scores
from annotation_app.selectors.rubrics.scales import rubric_scales, rubric_weights

Integers = NDArray[np.int64]


@dataclass(frozen=True)
class SnapshotFigures:
    """Agreement as JSON, and facet scores in thousandths by candidate and dimension."""

    report: dict[str, Any]
    facets: Mapping[tuple[int, str], int]


@dataclass
class _Ratings:
    """One dimension's levels in columns: a million of them fit in 40 MB."""

    candidate: "array[int]" = field(default_factory=lambda: array("q"))
    item: "array[int]" = field(default_factory=lambda: array("q"))
    annotator: "array[int]" = field(default_factory=lambda: array("q"))
    level: "array[int]" = field(default_factory=lambda: array("q"))
    is_random: "array[int]" = field(default_factory=lambda: array("b"))

    def columns(self, *, random_only: bool) -> dict[str, Integers]:
        """The columns as arrays, of all slots or of those drawn at random."""
        kept = np.frombuffer(self.is_random, np.int8).astype(bool) | (not random_only)
        names = ("candidate", "item", "annotator", "level")
        return {name: np.frombuffer(getattr(self, name), np.int64)[kept] for name in names}


def measure_scores(campaign: Campaign, leave_out: Collection[int]) -> SnapshotFigures:
    """Measure agreement on slots of random design; fit the facet model to all counted ratings.

    Args:
        campaign: the campaign to read.
        leave_out: annotators who do not count.
    """
    scales = rubric_scales(campaign.rubric)
    found = {key: _Ratings() for key in scales}
    for row in counted_scores(campaign, leave_out=leave_out):
        if row.level is not None:
            ratings = found[row.dimension]
            ratings.candidate.append(row.candidate)
            ratings.item.append(row.campaign_item)
            ratings.annotator.append(row.annotator)
            ratings.level.append(row.level)
            ratings.is_random.append(row.design == Design.RANDOM)
    facets, fits = _fit(found, scales)
    agreement = {"design": Design.RANDOM.value, "figures": _agreement(campaign, found, scales)}
    return SnapshotFigures({"agreement": agreement, "facet": fits}, facets)


def _agreement(
    campaign: Campaign, found: Mapping[str, _Ratings], scales: Mapping[str, Scale]
) -> dict[str, Any]:
    columns = {key: ratings.columns(random_only=True) for key, ratings in found.items()}
    tables = {key: _table(columns[key], scale) for key, scale in scales.items()}
    weights = rubric_weights(campaign.rubric)
    tables[OVERALL] = _overall(columns, scales, weights)
    return {key: agreement_summary(table).as_dict() for key, table in tables.items()}


def _fit(
    found: Mapping[str, _Ratings], scales: Mapping[str, Scale]
) -> tuple[dict[tuple[int, str], int], dict[str, Any]]:
    facets: dict[tuple[int, str], int] = {}
    fits: dict[str, Any] = {}
    for key, ratings in found.items():
        columns = ratings.columns(random_only=False)
        try:
            fit = fit_facets(_table(columns, scales[key]))
        except ValueError as error:
            fits[key] = {"reason": str(error)}
            continue
        fits[key] = _fit_facts(fit)
        candidates = np.unique(columns["candidate"]).tolist()
        for candidate, score in zip(candidates, fit.score_thousandths.tolist(), strict=True):
            facets[candidate, key] = score
    return facets, fits


def _fit_facts(fit: FacetFit) -> dict[str, Any]:
    return {
        "raters": len(fit.rater_labels),
        "converged": fit.converged,
        "iterations": fit.n_iterations,
    }


def _table(columns: Mapping[str, Integers], scale: Scale) -> RatingTable:
    """A table whose units are the candidates in ascending order of their ids."""
    _, first, unit = np.unique(columns["candidate"], return_index=True, return_inverse=True)
    _, item = np.unique(columns["item"], return_inverse=True)
    _, rater = np.unique(columns["annotator"], return_inverse=True)
    return RatingTable.from_indices(
        unit=unit,
        rater=rater,
        level=np.searchsorted(np.asarray(scale.values), columns["level"]),
        scale=scale,
        unit_item=item[first],
    )


def _overall(
    columns: Mapping[str, Mapping[str, Integers]],
    scales: Mapping[str, Scale],
    weights: Mapping[str, Fraction],
) -> RatingTable:
    """The weighted sums of the ratings that lack no dimension."""
    overall = OverallScale.of(scales, weights)
    people = np.unique(np.concatenate([one["annotator"] for one in columns.values()]))
    whose = {
        key: one["candidate"] * len(people) + np.searchsorted(people, one["annotator"])
        for key, one in columns.items()
    }
    first, *rest = whose.values()
    complete = np.unique(first)
    for other in rest:
        complete = np.intersect1d(complete, other)
    places = {}
    for key in columns:
        order = np.argsort(whose[key])
        places[key] = order[np.searchsorted(whose[key], complete, sorter=order)]
    levels = {key: one["level"][places[key]] for key, one in columns.items()}
    key, one = next(iter(columns.items()))
    chosen = {name: one[name][places[key]] for name in ("candidate", "item", "annotator")}
    level = np.asarray(overall.scale.values)[overall.places(levels)]
    return _table(chosen | {"level": level}, overall.scale)
