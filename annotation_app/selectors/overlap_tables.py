"""Tables of the items that several people rated: what a bootstrap or a study needs, in arrays.

Eight bytes a number, however many ratings there are; items with one rating say nothing here and
are not read.
"""

from array import array
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from math import lcm

import numpy as np
from django.db.models import Count

from analytics.tables import RatingTable
from analytics.validation import Indices
from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.models import Campaign, Rating, Rubric, Score
from annotation_app.selectors.scales import (
    OVERALL,
    overall_scale,
    overall_values,
    rubric_scales,
    rubric_weights,
)

CHUNK = 5000
FEWEST_RATERS = 2


@dataclass(frozen=True, eq=False)
class OverlapRows:
    """N scores of one dimension.

    Attributes:
        unit: (N,) candidate ids.
        item: (N,) campaign item ids.
        rater: (N,) user ids.
        value: (N,) level values.
        submitted: (N,) Unix seconds of the rating's submit.
    """

    unit: Indices
    item: Indices
    rater: Indices
    value: Indices
    submitted: Indices


def overlap_rows(
    campaign: Campaign, *, designs: Collection[str] | None = None
) -> dict[str, OverlapRows]:
    """Read the counted scores of items with at least two ratings, in order of submit.

    Args:
        campaign: whose.
        designs: of the slots; None for every design.
    """
    columns = {key: [array("q") for _ in range(5)] for key in rubric_scales(campaign.rubric)}
    for key, candidate, item, rater, level, submitted in _scores(campaign, designs):
        numbers = (candidate, item, rater, level or 0, int(submitted.timestamp()))
        for column, number in zip(columns[key], numbers, strict=True):
            column.append(number)
    return {
        key: OverlapRows(*(np.asarray(column, dtype=np.int64) for column in found))
        for key, found in columns.items()
    }


def overlap_tables(rows: Mapping[str, OverlapRows], rubric: Rubric) -> dict[str, RatingTable]:
    """A table per dimension and, last, one of the overall; rows keep their order."""
    scales = rubric_scales(rubric)
    tables = {
        key: RatingTable.from_ids(
            unit=found.unit,
            rater=found.rater,
            level=np.searchsorted(np.asarray(scales[key].values), found.value),
            item=found.item,
            scale=scales[key],
        )
        for key, found in rows.items()
    }
    tables[OVERALL] = _overall(rows, rubric)
    return tables


def _scores(
    campaign: Campaign, designs: Collection[str] | None
) -> Iterator[tuple[str, int, int, int, int | None, datetime]]:
    counted = Rating.objects.filter(
        campaign=campaign,
        status=RatingStatus.ACTIVE,
        purpose__in=DATA_PURPOSES,
        campaign_item__item__withdrawn_at__isnull=True,
    )
    if designs is not None:
        counted = counted.filter(task__design__in=designs)
    several = (
        counted.order_by()
        .values("campaign_item")
        .annotate(n=Count("pk"))
        .filter(n__gte=FEWEST_RATERS)
    )
    shared = counted.filter(campaign_item__in=several.values("campaign_item"))
    return (
        Score.objects.filter(revision__current_of__in=shared, level__isnull=False)
        .order_by("revision__current_of__submitted_at", "pk")
        .values_list(
            "dimension__key",
            "candidate_id",
            "revision__current_of__campaign_item_id",
            "revision__current_of__annotator_id",
            "level",
            "revision__current_of__submitted_at",
        )
        .iterator(chunk_size=CHUNK)
    )


def _overall(rows: Mapping[str, OverlapRows], rubric: Rubric) -> RatingTable:
    """The weighted sums of what one rater said of one candidate on every dimension."""
    scales, weights = rubric_scales(rubric), rubric_weights(rubric)
    common = lcm(*(weight.denominator for weight in weights.values()))
    kept: OverlapRows | None = None
    total = np.zeros(0, dtype=np.int64)
    for key, found in rows.items():
        scaled = found.value * int(weights[key] * common)
        if kept is None:
            kept, total = found, scaled
            continue
        mine, theirs = _matched(kept, found)
        kept, total = _only(kept, mine), total[mine] + scaled[theirs]
    values = [int(value * Fraction(common)) for value in overall_values(scales, weights)]
    none = np.zeros(0, dtype=np.int64)
    kept = kept or OverlapRows(none, none, none, none, none)
    return RatingTable.from_ids(
        unit=kept.unit,
        rater=kept.rater,
        level=np.searchsorted(np.asarray(values), total),
        item=kept.item,
        scale=overall_scale(scales, weights),
    )


def _matched(first: OverlapRows, second: OverlapRows) -> tuple[Indices, Indices]:
    """Places of both dimensions' scores by one rater of one candidate, in the first's order."""
    raters = np.unique(np.concatenate([first.rater, second.rater]))
    own, other = (
        rows.unit * len(raters) + np.searchsorted(raters, rows.rater) for rows in (first, second)
    )
    _, mine, theirs = np.intersect1d(own, other, assume_unique=True, return_indices=True)
    order = np.argsort(mine)
    return mine[order], theirs[order]


def _only(rows: OverlapRows, places: Indices) -> OverlapRows:
    return OverlapRows(
        rows.unit[places],
        rows.item[places],
        rows.rater[places],
        rows.value[places],
        rows.submitted[places],
    )
