"""Bulk writes of planning: campaign items, drawn candidates and slots, each in one statement."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from annotation_app.models import Campaign, OverlapPlan
from annotation_app.services.queue.drawing import DrawnItem, ItemRow, PoolRow, draw_pool

STORE_ITEMS = """
INSERT INTO annotation_app_campaignitem
    (campaign_id, item_id, stratum, in_overlap_sample, overlap_probability, reserved)
SELECT %(campaign)s, planned.* FROM unnest(
    %(items)s::bigint[], %(strata)s::text[], %(overlap)s::boolean[], %(chances)s::float8[],
    %(reserved)s::boolean[]
) AS planned
ON CONFLICT (campaign_id, item_id) DO UPDATE SET
    in_overlap_sample = EXCLUDED.in_overlap_sample OR annotation_app_campaignitem.in_overlap_sample,
    overlap_probability =
        greatest(EXCLUDED.overlap_probability, annotation_app_campaignitem.overlap_probability)
WHERE annotation_app_campaignitem.overlap_probability < EXCLUDED.overlap_probability
RETURNING id, item_id, xmax = 0
"""

COPY_DRAWS = """
COPY annotation_app_drawncandidate
    (campaign_item_id, candidate_id, ordinal, inclusion_probability) FROM STDIN
"""

# The overlap sample waits in the reserved lane too: agreement is measured on whole items that no
# model picked, in their random order, so that it can be read while the campaign runs.
# The first priority is a hash of seed and item: a random order that anyone can repeat.
ADD_SLOTS = """
INSERT INTO annotation_app_task
    (campaign_id, campaign_item_id, purpose, ordinal, rubric_id, guideline_id, design,
     inclusion_probability, lane, priority, priority_strategy, state, created_at)
SELECT ci.campaign_id, ci.id, 'production', slot, %(rubric)s, %(guideline)s, 'random',
       CASE WHEN slot <= %(base)s THEN 1.0 ELSE ci.overlap_probability END,
       CASE WHEN ci.reserved OR ci.in_overlap_sample THEN 'reserved' ELSE 'ranked' END,
       ('x' || substr(md5(%(seed)s || ':' || item.external_id), 1, 13))::bit(52)::bigint / 2.0^52,
       'random',
       -- what people learn the answer of, or talk about, is no production work
       CASE WHEN EXISTS (SELECT 1 FROM annotation_app_golditem known
                         WHERE known.campaign_item_id = ci.id)
              OR EXISTS (SELECT 1 FROM annotation_app_pilot_items shared
                         WHERE shared.campaignitem_id = ci.id)
            THEN 'closed' ELSE 'open' END, now()
FROM annotation_app_campaignitem ci
JOIN annotation_app_item item ON item.id = ci.item_id
CROSS JOIN LATERAL generate_series(
    1, CASE WHEN ci.in_overlap_sample THEN %(overlap)s ELSE %(base)s END
) AS slot
WHERE ci.campaign_id = %(campaign)s AND ci.item_id = ANY(%(items)s)
  AND item.withdrawn_at IS NULL
ON CONFLICT (campaign_item_id, purpose, ordinal) DO NOTHING
"""


def store_items(campaign: Campaign, draws: Sequence[DrawnItem]) -> dict[int, ItemRow]:
    """Insert the campaign items that are missing; a wider overlap plan may add to the sample.

    Returns:
        The new campaign items: their ids and items.
    """
    rows = {draw.row.pk: draw.row for draw in draws}
    with connection.cursor() as cursor:
        cursor.execute(
            STORE_ITEMS,
            {
                "campaign": campaign.pk,
                "items": [draw.row.pk for draw in draws],
                "strata": [draw.row.category for draw in draws],
                "overlap": [draw.in_overlap_sample for draw in draws],
                "chances": [draw.overlap_probability for draw in draws],
                "reserved": [draw.reserved for draw in draws],
            },
        )
        return {pk: rows[item_id] for pk, item_id, is_new in cursor.fetchall() if is_new}


def store_draws(
    campaign: Campaign, created: Mapping[int, ItemRow], pools: Mapping[int, Sequence[PoolRow]]
) -> None:
    """Draw and store the candidates of new campaign items."""
    with connection.cursor() as cursor, cursor.copy(COPY_DRAWS) as copy:
        for campaign_item, row in created.items():
            pool = pools[row.pk]
            keys = {candidate.external_id: candidate.pk for candidate in pool}
            draw = draw_pool(campaign, row.external_id, pool)
            for ordinal, name in enumerate(draw.drawn, start=1):
                copy.write_row((campaign_item, keys[name], ordinal, float(draw.inclusion[name])))


def add_slots(campaign: Campaign, plan: OverlapPlan, item_ids: Sequence[int]) -> int:
    """Add the slots that the plan asks for and the items lack; return how many."""
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "items": list(item_ids),
        "rubric": campaign.rubric_id,
        "guideline": campaign.guideline_id,
        "base": plan.base_ratings,
        "overlap": plan.overlap_ratings,
        "seed": str(campaign.seed),
    }
    with connection.cursor() as cursor:
        cursor.execute(ADD_SLOTS, values)
        return int(cursor.rowcount)
