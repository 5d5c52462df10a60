"""Many rated items, made inside the database: enough of them that an export takes a while."""

from django.db import connection

from annotation_app.models import Campaign, User

ITEMS = """
INSERT INTO annotation_app_item
    (collection_id, external_id, instruction, instruction_language, category, source_dataset,
     source_image_id, licence, metadata, split, split_component, withdrawal_reason, created_at)
SELECT %(collection)s, 'many-' || lpad(n::text, 6, '0'), 'Make thing ' || n || ' red.', 'en',
       'colour', 'made', %(image)s, 'CC0-1.0', '{}', '', '', '', now()
FROM generate_series(1, %(items)s) AS n
"""
CANDIDATES = """
INSERT INTO annotation_app_candidate (item_id, external_id, generator_id, seed, image_id, metadata)
SELECT item.id, item.external_id || '-' || model.place, model.generator_id, model.place,
       model.image_id, '{}'
FROM annotation_app_item item
CROSS JOIN (
    SELECT generator_id, image_id, row_number() OVER (ORDER BY id) AS place
    FROM annotation_app_candidate WHERE item_id = %(donor)s ORDER BY id LIMIT %(k)s
) AS model
WHERE item.collection_id = %(collection)s AND item.external_id LIKE 'many-%%'
"""
CAMPAIGN_ITEMS = """
INSERT INTO annotation_app_campaignitem
    (campaign_id, item_id, stratum, in_overlap_sample, overlap_probability, reserved, draw_fixed_at)
SELECT %(campaign)s, id, '', false, 0, false, now() FROM annotation_app_item
WHERE collection_id = %(collection)s AND external_id LIKE 'many-%%' ORDER BY id
"""
DRAWS = """
INSERT INTO annotation_app_drawncandidate
    (campaign_item_id, candidate_id, ordinal, inclusion_probability)
SELECT ci.id, candidate.id, candidate.seed, 1.0
FROM annotation_app_campaignitem ci
JOIN annotation_app_item item ON item.id = ci.item_id AND item.external_id LIKE 'many-%%'
JOIN annotation_app_candidate candidate ON candidate.item_id = item.id
WHERE ci.campaign_id = %(campaign)s
"""
TASKS = """
INSERT INTO annotation_app_task
    (campaign_id, campaign_item_id, purpose, ordinal, rubric_id, guideline_id, design,
     inclusion_probability, lane, priority, priority_strategy, state, created_at)
SELECT ci.campaign_id, ci.id, 'production', 1, %(rubric)s, %(guideline)s, 'random', 1.0,
       'ranked', 0, 'random', 'filled', now()
FROM annotation_app_campaignitem ci
JOIN annotation_app_item item ON item.id = ci.item_id AND item.external_id LIKE 'many-%%'
WHERE ci.campaign_id = %(campaign)s
"""
RATINGS = """
INSERT INTO annotation_app_rating
    (task_id, campaign_id, campaign_item_id, annotator_id, purpose, independent, status,
     client_uuid, guideline_id, candidate_order, submitted_at, open_until)
SELECT task.id, task.campaign_id, task.campaign_item_id, %(annotator)s, 'production', true,
       'active', gen_random_uuid(), task.guideline_id, drawn.ids, now(), now()
FROM annotation_app_task task
JOIN (SELECT campaign_item_id, array_agg(candidate_id) AS ids
      FROM annotation_app_drawncandidate GROUP BY campaign_item_id) AS drawn
  ON drawn.campaign_item_id = task.campaign_item_id
JOIN annotation_app_campaignitem ci ON ci.id = task.campaign_item_id
JOIN annotation_app_item item ON item.id = ci.item_id AND item.external_id LIKE 'many-%%'
WHERE task.campaign_id = %(campaign)s
"""
REVISIONS = """
INSERT INTO annotation_app_ratingrevision
    (rating_id, number, client_uuid, cause, seconds, aids, note, created_at)
SELECT id, 1, client_uuid, 'submit', 30, '{}', '', submitted_at FROM annotation_app_rating
WHERE campaign_id = %(campaign)s AND current_revision_id IS NULL
"""
CURRENT = """
UPDATE annotation_app_rating SET current_revision_id = revision.id
FROM annotation_app_ratingrevision revision
WHERE revision.rating_id = annotation_app_rating.id AND campaign_id = %(campaign)s
"""
SCORES = """
INSERT INTO annotation_app_score (revision_id, candidate_id, dimension_id, level, missing_reason)
SELECT rating.current_revision_id, candidate.id, dimension.id,
       1 + (candidate.seed * 3 + dimension.ordinal * 5 + rating.id) %% 4, ''
FROM annotation_app_rating rating
JOIN annotation_app_campaignitem ci ON ci.id = rating.campaign_item_id
JOIN annotation_app_item item ON item.id = ci.item_id AND item.external_id LIKE 'many-%%'
JOIN annotation_app_candidate candidate ON candidate.item_id = item.id
JOIN annotation_app_dimension dimension ON dimension.rubric_id = %(rubric)s
WHERE rating.campaign_id = %(campaign)s
"""
STATEMENTS = (
    *(ITEMS, CANDIDATES, CAMPAIGN_ITEMS, DRAWS, TASKS),
    *(RATINGS, REVISIONS, CURRENT, SCORES),
)
TABLES = ("item", "candidate", "campaignitem", "drawncandidate", "task", "rating", "score")


def rate_many(campaign: Campaign, annotator: User, items: int, *, k: int = 3) -> None:
    """Add items with k candidates each to a campaign, all rated once by this annotator."""
    donor = campaign.collection.items.order_by("pk")[0]
    values = {
        "collection": campaign.collection_id,
        "campaign": campaign.pk,
        "image": donor.source_image_id,
        "rubric": campaign.rubric_id,
        "guideline": campaign.guideline_id,
        "annotator": annotator.pk,
        "donor": donor.pk,
        "items": items,
        "k": k,
    }
    with connection.cursor() as cursor:
        for statement in STATEMENTS:
            cursor.execute(statement, values)
            for table in TABLES:  # the next statement joins what this one wrote
                cursor.execute(f"ANALYZE annotation_app_{table}")
