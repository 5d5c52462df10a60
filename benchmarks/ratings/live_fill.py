"""Rates a campaign inside the database: `python -m benchmarks.ratings.live_fill ITEMS [long]`.

Seven candidates of six generators per item, three of 40 raters each, two dimensions of four levels,
or if `long` three of ten that weigh 5, 3 and 2; then one note per item, and the fold of all. Prints
what it made and how long folding took.
"""

import json
import sys
import time
from datetime import UTC, datetime

import django

django.setup()

# Models and factories exist only once Django is set up.
from django.db import connection, transaction  # noqa: E402

from annotation_app.models import Campaign  # noqa: E402
from annotation_app.services.agreement.folding import fold_campaign  # noqa: E402
from tests.factories.long_scales import make_long_campaign  # noqa: E402
from tests.factories.world import make_annotators, make_campaign  # noqa: E402

CHANGES_AT_ONCE = 6_000
CUTS = [-0.7, 0.0, 0.7]
LONG_CUTS = [-1.4, -1.05, -0.7, -0.35, 0.0, 0.35, 0.7, 1.05, 1.4]
RATERS, CANDIDATES, PER_ITEM = 40, 7, 3
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
ITEMS = """
INSERT INTO annotation_app_item
    (collection_id, external_id, instruction, instruction_language, category, source_dataset,
     source_image_id, licence, metadata, split, split_component, withdrawal_reason, created_at)
SELECT %(collection)s, 'live-' || n, 'Make it blue.', 'en', 'category ' || n %% 11,
       'source ' || n %% 12, %(image)s, '', '{}', '', '', '', now()
FROM generate_series(1, %(items)s) AS n
"""
CANDIDATES_OF = """
INSERT INTO annotation_app_candidate
    (item_id, external_id, generator_id, seed, image_id, metadata)
SELECT item.id, 'c' || n,
       (SELECT array_agg(id ORDER BY id) FROM annotation_app_generator)[1 + n %% 6],
       n, %(image)s, '{}'
FROM annotation_app_item item CROSS JOIN generate_series(1, %(candidates)s) AS n
WHERE item.collection_id = %(collection)s AND item.external_id LIKE 'live-%%'
"""
CAMPAIGN_ITEMS = """
INSERT INTO annotation_app_campaignitem
    (campaign_id, item_id, stratum, in_overlap_sample, overlap_probability, reserved)
SELECT %(campaign)s, id, '', true, 1, false FROM annotation_app_item
WHERE collection_id = %(collection)s AND external_id LIKE 'live-%%'
"""
TASKS = """
INSERT INTO annotation_app_task
    (campaign_id, campaign_item_id, purpose, ordinal, rubric_id, guideline_id, design,
     inclusion_probability, lane, priority, priority_strategy, state, created_at)
SELECT ci.campaign_id, ci.id, 'production', slot, %(rubric)s, %(guideline)s, 'random', 1.0,
       'ranked', 0, 'random', 'filled', now()
FROM annotation_app_campaignitem ci CROSS JOIN generate_series(1, %(per_item)s) AS slot
WHERE ci.campaign_id = %(campaign)s AND ci.in_overlap_sample
"""
# Three different raters: a start that hops with the item, and two steps of 13.
RATINGS = """
INSERT INTO annotation_app_rating
    (task_id, campaign_id, campaign_item_id, annotator_id, purpose, independent, status,
     client_uuid, guideline_id, candidate_order, submitted_at, open_until)
SELECT task.id, task.campaign_id, task.campaign_item_id,
       (%(people)s::bigint[])[1 + (task.campaign_item_id * 7 + task.ordinal * 13) %% %(raters)s],
       'production', true, 'active', gen_random_uuid(), task.guideline_id, '{}', moment, moment
FROM annotation_app_task task CROSS JOIN LATERAL (
    SELECT %(now)s::timestamptz + task.campaign_item_id %% %(days)s * interval '1 day' AS moment
) AS at
WHERE task.campaign_id = %(campaign)s AND task.state = 'filled'
"""
REVISIONS = """
INSERT INTO annotation_app_ratingrevision
    (rating_id, number, client_uuid, cause, seconds, aids, note, created_at)
SELECT id, 1, client_uuid, 'submit', 30, '{}', '', submitted_at FROM annotation_app_rating
WHERE campaign_id = %(campaign)s
"""
CURRENT = """
UPDATE annotation_app_rating SET current_revision_id = revision.id
FROM annotation_app_ratingrevision revision
WHERE revision.rating_id = annotation_app_rating.id AND campaign_id = %(campaign)s
"""
# A level is the candidate's quality, the rater's severity and noise, cut into levels.
SCORES = """
INSERT INTO annotation_app_score (revision_id, candidate_id, dimension_id, level, missing_reason)
SELECT rating.current_revision_id, c.id, d.id,
       1 + width_bucket(
           1.6 * (hashint8extended(c.id, d.id) / 2.0^63)
           + 0.5 * (hashint8extended(rating.annotator_id, d.id) / 2.0^63)
           + (random() + random() + random() - 1.5) * d.ordinal, %(cuts)s::float8[]), ''
FROM annotation_app_rating rating
JOIN annotation_app_campaignitem ci ON ci.id = rating.campaign_item_id
JOIN annotation_app_candidate c ON c.item_id = ci.item_id
JOIN annotation_app_dimension d ON d.rubric_id = %(rubric)s
WHERE rating.campaign_id = %(campaign)s
"""
NOTES = """
INSERT INTO annotation_app_campaignitemchange (campaign_id, campaign_item_id, created_at)
SELECT campaign_id, campaign_item_id, now() FROM annotation_app_rating
WHERE campaign_id = %(campaign)s
"""
STATEMENTS = (
    ITEMS, CANDIDATES_OF, CAMPAIGN_ITEMS, TASKS, RATINGS, REVISIONS, CURRENT, SCORES, NOTES,
)  # fmt: skip


def main() -> None:
    """Fill the tables, then fold."""
    is_long = sys.argv[2:] == ["long"]
    campaign = make_long_campaign(1, k=1) if is_long else make_campaign(1, k=1)
    people = make_annotators(campaign, RATERS)
    began = time.perf_counter()
    cuts = LONG_CUTS if is_long else CUTS
    fill(campaign, int(sys.argv[1]), [person.pk for person in people], cuts)
    filled = time.perf_counter()
    folded = fold_campaign(campaign=campaign, now=NOW, limit=CHANGES_AT_ONCE)
    seconds = time.perf_counter() - filled
    print(
        json.dumps(
            {
                "slug": campaign.slug,
                "fill_seconds": filled - began,
                "folded_changes": folded,
                "fold_seconds": seconds,
            }
        )
    )


def fill(campaign: Campaign, items: int, people: list[int], cuts: list[float]) -> None:
    """Write items, candidates, slots, ratings, scores and notes."""
    donor = campaign.collection.items.order_by("pk")[0]
    values = {
        "campaign": campaign.pk,
        "collection": campaign.collection_id,
        "image": donor.source_image_id,
        "rubric": campaign.rubric_id,
        "guideline": campaign.guideline_id,
        "items": items,
        "candidates": CANDIDATES,
        "per_item": PER_ITEM,
        "people": people,
        "raters": RATERS,
        "cuts": cuts,
        "days": 60,
        "now": NOW,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Nothing here can break a key, and checking two million scores takes minutes.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT setseed(0.42)")
        for statement in STATEMENTS:
            cursor.execute(statement, values)
    with connection.cursor() as cursor:
        for table in ("item", "candidate", "campaignitem", "task", "rating", "score"):
            cursor.execute(f"ANALYZE annotation_app_{table}")


if __name__ == "__main__":
    main()
