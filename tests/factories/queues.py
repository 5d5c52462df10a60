"""Long queues, made inside the database: shape without pictures."""

from django.db import connection

from annotation_app.models import Campaign, User

ITEMS = """
INSERT INTO annotation_app_item
    (collection_id, external_id, instruction, instruction_language, category, source_dataset,
     source_image_id, licence, metadata, split, split_component, withdrawal_reason, created_at)
SELECT %(collection)s, 'bulk-' || n, 'Make it blue.', 'en', '', '', %(image)s, '', '{}', '', '',
       '', now()
FROM generate_series(1, %(items)s) AS n
"""
CAMPAIGN_ITEMS = """
INSERT INTO annotation_app_campaignitem
    (campaign_id, item_id, stratum, in_overlap_sample, overlap_probability, reserved)
SELECT %(campaign)s, id, '', false, 0, false FROM annotation_app_item
WHERE collection_id = %(collection)s AND external_id LIKE 'bulk-%%'
"""
TASKS = """
INSERT INTO annotation_app_task
    (campaign_id, campaign_item_id, purpose, ordinal, rubric_id, guideline_id, design,
     inclusion_probability, lane, priority, priority_strategy, state, created_at)
SELECT ci.campaign_id, ci.id, 'production', slot, %(rubric)s, %(guideline)s, 'random', 1.0,
       'ranked', ('x' || substr(md5(ci.id::text), 1, 13))::bit(52)::bigint / 2.0^52, 'random',
       'open', now()
FROM annotation_app_campaignitem ci
JOIN annotation_app_item item ON item.id = ci.item_id
CROSS JOIN generate_series(1, %(slots)s) AS slot
WHERE ci.campaign_id = %(campaign)s AND item.external_id LIKE 'bulk-%%'
"""
DRAWS = """
INSERT INTO annotation_app_drawncandidate
    (campaign_item_id, candidate_id, ordinal, inclusion_probability)
SELECT ci.id, chosen.id, row_number() OVER (PARTITION BY ci.id ORDER BY chosen.id), 1.0
FROM annotation_app_campaignitem ci
JOIN annotation_app_item item ON item.id = ci.item_id AND item.external_id LIKE 'bulk-%%'
CROSS JOIN (SELECT id FROM annotation_app_candidate WHERE item_id = %(donor)s
            ORDER BY id LIMIT %(k)s) AS chosen
WHERE ci.campaign_id = %(campaign)s
"""
RATED = """
WITH best AS (
    SELECT DISTINCT ON (priority, campaign_item_id) id FROM annotation_app_task
    WHERE campaign_id = %(campaign)s AND state = 'open'
    ORDER BY priority DESC, campaign_item_id, ordinal LIMIT %(number)s
), filled AS (
    UPDATE annotation_app_task SET state = 'filled' WHERE id IN (SELECT id FROM best) RETURNING id
)
INSERT INTO annotation_app_lease
    (token, task_id, annotator_id, slot, candidate_order, leased_at, expires_at, ended_at, outcome,
     skip_reason, draft, draft_number)
SELECT gen_random_uuid(), id, %(annotator)s, 1, '{}', now(), now(), now(), 'submitted', '', '{}', 0
FROM filled
"""


def fill_queue(campaign: Campaign, tasks: int, *, slots: int = 1, k: int = 0) -> None:
    """Add open tasks to a planned campaign: `tasks / slots` items, each with `slots` slots.

    With `k`, every item shows the first k candidates of the campaign's first real item.
    """
    donor = campaign.collection.items.order_by("pk")[0]
    values = {
        "collection": campaign.collection_id,
        "campaign": campaign.pk,
        "image": donor.source_image_id,
        "rubric": campaign.rubric_id,
        "guideline": campaign.guideline_id,
        "items": tasks // slots,
        "slots": slots,
        "donor": donor.pk,
        "k": k,
    }
    with connection.cursor() as cursor:
        for statement in (ITEMS, CAMPAIGN_ITEMS, TASKS, *((DRAWS,) if k else ())):
            cursor.execute(statement, values)
            # the next statement joins what this one wrote: without counts it may loop for minutes
            for table in ("task", "lease", "campaignitem", "item", "drawncandidate", "rating"):
                cursor.execute(f"ANALYZE annotation_app_{table}")


def rate_first(campaign: Campaign, annotator: User, number: int) -> None:
    """Let an annotator have done the first slot of the best `number` items."""
    with connection.cursor() as cursor:
        cursor.execute(
            RATED, {"campaign": campaign.pk, "annotator": annotator.pk, "number": number}
        )
        cursor.execute("ANALYZE annotation_app_lease")
