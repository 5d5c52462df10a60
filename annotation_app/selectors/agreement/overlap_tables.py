"""Tables of the items that several people rated: arrays for a bootstrap or a study.

Eight bytes per number, however many ratings there are; items with one rating carry no information
here and are not read.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import connection

from analytics.limits import FEWEST_RATERS
from analytics.overall import OVERALL, OverallScale
from analytics.tables import RatingTable
from analytics.validation import Indices
from annotation_app.enums import DATA_PURPOSES, RatingStatus
from annotation_app.models import Campaign, Rubric
from annotation_app.selectors.rubrics.scales import rubric_scales, rubric_weights

# Two million scores in seconds: rows of whole numbers in PostgreSQL's binary form, which NumPy
# reads as it is.
COPY_SCORES = """
COPY (
    WITH counted AS (
        SELECT r.campaign_item_id, r.annotator_id, r.current_revision_id, r.submitted_at,
               count(*) OVER (PARTITION BY r.campaign_item_id) AS several
        FROM annotation_app_rating r
        JOIN annotation_app_task t ON t.id = r.task_id
        JOIN annotation_app_campaignitem ci ON ci.id = r.campaign_item_id
        JOIN annotation_app_item i ON i.id = ci.item_id AND i.withdrawn_at IS NULL
        WHERE r.campaign_id = %(campaign)s AND r.status = %(status)s
            AND r.purpose = ANY(%(purposes)s)
            AND (%(designs)s::text[] IS NULL OR t.design = ANY(%(designs)s::text[]))
    )
    SELECT s.dimension_id::bigint, s.candidate_id::bigint, counted.campaign_item_id::bigint,
           counted.annotator_id::bigint, s.level::bigint,
           extract(epoch FROM counted.submitted_at)::bigint
    FROM counted
    JOIN annotation_app_score s ON s.revision_id = counted.current_revision_id
    WHERE counted.several >= %(fewest)s AND s.level IS NOT NULL
) TO STDOUT (FORMAT binary)
"""
COLUMNS = 6
COPY_HEADER = 19  # bytes: signature, flags, length of the extension, which is empty
# Each row: how many fields, then each field's length and value, most significant byte first.
COPIED_ROW = np.dtype(
    [
        ("fields", ">i2"),
        *(
            column
            for place in range(COLUMNS)
            for column in ((f"length{place}", ">i4"), (f"value{place}", ">i8"))
        ),
    ]
)


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
    """Read the counted scores of items with at least two ratings, in no order.

    Args:
        campaign: the campaign to read.
        designs: of the slots; None for every design.
    """
    numbers = _read(campaign, designs)
    keys = campaign.rubric.dimensions.order_by("ordinal").values_list("pk", "key")
    found = {}
    for dimension, key in keys:
        own = numbers[:, numbers[0] == dimension]
        found[key] = OverlapRows(*own[1:])
    return found


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


def _read(campaign: Campaign, designs: Collection[str] | None) -> Indices:
    """(6, N) dimension, candidate, item, annotator, level and second of every score."""
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "status": RatingStatus.ACTIVE.value,
        "purposes": [purpose.value for purpose in DATA_PURPOSES],
        "designs": None if designs is None else list(designs),
        "fewest": FEWEST_RATERS,
    }
    buffer = bytearray()
    with connection.cursor() as cursor, cursor.copy(COPY_SCORES, values) as copy:
        for block in copy:
            buffer += block
    count = (len(buffer) - COPY_HEADER) // COPIED_ROW.itemsize
    rows = np.frombuffer(buffer, COPIED_ROW, count=count, offset=COPY_HEADER)
    return np.asarray([rows[f"value{place}"] for place in range(COLUMNS)], dtype=np.int64)


def _overall(rows: Mapping[str, OverlapRows], rubric: Rubric) -> RatingTable:
    """The weighted sums of each rater's scores of one candidate on every dimension."""
    overall = OverallScale.of(rubric_scales(rubric), rubric_weights(rubric))
    (first, kept), *others = rows.items()
    values = {first: kept.value}
    for key, found in others:
        mine, theirs = _matched(kept, found)
        kept = _only(kept, mine)
        values = {name: column[mine] for name, column in values.items()}
        values[key] = found.value[theirs]
    return RatingTable.from_ids(
        unit=kept.unit,
        rater=kept.rater,
        level=overall.places(values),
        item=kept.item,
        scale=overall.scale,
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
