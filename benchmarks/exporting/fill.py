"""Simulates rated campaigns: `python -m benchmarks.exporting.fill FILES KILOBYTES ITEMS…`.

Seven candidates of six generators per item, every image with different pixels; one rating per item
and three for every twentieth. FILES picture files of about KILOBYTES represent all images.
"""

import json
import sys
import time
from datetime import UTC, datetime
from math import sqrt

import django

from benchmarks.ratings.live_fill import CURRENT, SCORES

django.setup()

# Models and factories exist only once Django is set up.
from django.db import connection, transaction  # noqa: E402

from annotation_app.models import Campaign, Collection  # noqa: E402
from benchmarks.exporting.pictures import paint_files  # noqa: E402
from tests.factories.world import make_annotators, make_campaign  # noqa: E402

RATERS, CANDIDATES = 40, 7
BYTES_PER_PIXEL = 3.0  # of such noise, as lossless WebP keeps it
NOW = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
IMAGES = """
INSERT INTO annotation_app_image
    (pixel_sha256, width, height, has_alpha, perceptual_hash, file, thumbnail, file_bytes,
     conversion, created_at)
SELECT encode(sha256(('bench-' || %(collection)s || '-' || n)::bytea), 'hex'), %(side)s,
       %(side)s, false, hashint8extended(n, 7), names[1 + n %% cardinality(names)], '',
       sizes[1 + n %% cardinality(names)], '', now()
FROM generate_series(0, %(images)s - 1) AS n,
     (SELECT %(files)s::text[] AS names, %(bytes)s::bigint[] AS sizes) AS stored
"""
ITEMS = """
INSERT INTO annotation_app_item
    (collection_id, external_id, instruction, instruction_language, category, source_dataset,
     source_image_id, licence, metadata, split, split_component, withdrawal_reason, created_at)
SELECT %(collection)s, 'bench-' || n,
       'Replace the object in the foreground by one of another colour, number ' || n || '.', 'en',
       'category ' || n %% 11, 'source ' || n %% 12, %(first)s + 8 * (n - 1), 'CC-BY-4.0', '{}',
       '', '', '', now()
FROM generate_series(1, %(items)s) AS n
"""
CANDIDATES_OF = """
INSERT INTO annotation_app_candidate (item_id, external_id, generator_id, seed, image_id, metadata)
SELECT item.id, item.external_id || '-' || n,
       (SELECT array_agg(id ORDER BY id) FROM annotation_app_generator)[1 + n %% 6],
       n, item.source_image_id + n, '{}'
FROM annotation_app_item item CROSS JOIN generate_series(1, %(candidates)s) AS n
WHERE item.collection_id = %(collection)s AND item.external_id LIKE 'bench-%%'
"""
CAMPAIGN_ITEMS = """
INSERT INTO annotation_app_campaignitem
    (campaign_id, item_id, stratum, in_overlap_sample, overlap_probability, reserved)
SELECT %(campaign)s, id, '', id %% 20 = 0, 0.05, false FROM annotation_app_item
WHERE collection_id = %(collection)s AND external_id LIKE 'bench-%%'
"""
DRAWS = """
INSERT INTO annotation_app_drawncandidate
    (campaign_item_id, candidate_id, ordinal, inclusion_probability)
SELECT ci.id, c.id, c.seed, 1.0 FROM annotation_app_campaignitem ci
JOIN annotation_app_candidate c ON c.item_id = ci.item_id
JOIN annotation_app_item item ON item.id = ci.item_id AND item.external_id LIKE 'bench-%%'
WHERE ci.campaign_id = %(campaign)s
"""
TASKS = """
INSERT INTO annotation_app_task
    (campaign_id, campaign_item_id, purpose, ordinal, rubric_id, guideline_id, design,
     inclusion_probability, lane, priority, priority_strategy, state, created_at)
SELECT ci.campaign_id, ci.id, 'production', slot, %(rubric)s, %(guideline)s, 'random', 1.0,
       'ranked', 0, 'random', 'filled', now()
FROM annotation_app_campaignitem ci
JOIN annotation_app_item item ON item.id = ci.item_id AND item.external_id LIKE 'bench-%%'
CROSS JOIN LATERAL generate_series(1, CASE WHEN ci.in_overlap_sample THEN 3 ELSE 1 END) AS slot
WHERE ci.campaign_id = %(campaign)s
"""
# Different raters: a start that hops with the item, and steps of 13.
RATINGS = """
INSERT INTO annotation_app_rating
    (task_id, campaign_id, campaign_item_id, annotator_id, purpose, independent, status,
     client_uuid, guideline_id, candidate_order, submitted_at, open_until)
SELECT task.id, task.campaign_id, task.campaign_item_id,
       (%(people)s::bigint[])[1 + (task.campaign_item_id * 7 + task.ordinal * 13) %% %(raters)s],
       'production', true, 'active', gen_random_uuid(), task.guideline_id, drawn.ids, %(now)s,
       %(now)s
FROM annotation_app_task task
JOIN (SELECT campaign_item_id, array_agg(candidate_id ORDER BY md5(candidate_id::text)) AS ids
      FROM annotation_app_drawncandidate GROUP BY campaign_item_id) AS drawn
  ON drawn.campaign_item_id = task.campaign_item_id
WHERE task.campaign_id = %(campaign)s AND task.state = 'filled'
"""
REVISIONS = """
INSERT INTO annotation_app_ratingrevision
    (rating_id, number, client_uuid, cause, seconds, aids, note, created_at)
SELECT id, 1, client_uuid, 'submit', 45.5, '{}', '', submitted_at FROM annotation_app_rating
WHERE campaign_id = %(campaign)s
"""
STATEMENTS = (
    IMAGES, ITEMS, CANDIDATES_OF, CAMPAIGN_ITEMS, DRAWS, TASKS, RATINGS, REVISIONS, CURRENT, SCORES,
)  # fmt: skip
FILLED = (
    "image", "item", "candidate", "campaignitem", "drawncandidate", "task", "rating",
    "ratingrevision", "score",
)  # fmt: skip


def main() -> None:
    """Paint the pictures, fill the tables once per campaign."""
    files, kilobytes, *sizes = (int(word) for word in sys.argv[1:])
    side = round(sqrt(kilobytes * 1000 / BYTES_PER_PIXEL))
    stored = paint_files(files, side)
    began = time.perf_counter()
    slugs: list[str] = []
    people: list[int] = []
    for items in sizes:
        campaign = make_campaign(1, k=1)
        Collection.objects.filter(pk=campaign.collection_id).update(is_simulated=True)
        people = people or [person.pk for person in make_annotators(campaign, RATERS)]
        fill(campaign, items, side, stored, people)
        slugs.append(campaign.slug)
    seconds = time.perf_counter() - began
    mean = sum(stored.values()) / len(stored) / 1000
    print(json.dumps({"slugs": slugs, "fill_seconds": seconds, "picture_kb": mean}))


def fill(
    campaign: Campaign, items: int, side: int, stored: dict[str, int], people: list[int]
) -> None:
    """Write images, items, candidates, draws, slots, ratings and scores."""
    values = {
        "campaign": campaign.pk,
        "collection": campaign.collection_id,
        "rubric": campaign.rubric_id,
        "guideline": campaign.guideline_id,
        "items": items,
        "images": items * (CANDIDATES + 1),
        "candidates": CANDIDATES,
        "files": list(stored),
        "bytes": list(stored.values()),
        "side": side,
        "people": people,
        "raters": RATERS,
        "now": NOW,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Nothing here can break a key, and checking every score takes minutes.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT setseed(0.42)")
        cursor.execute("SELECT coalesce(max(id), 0) + 1 FROM annotation_app_image")
        [first] = cursor.fetchone() or [1]
        for statement in STATEMENTS:
            cursor.execute(statement, values | {"first": first})
    with connection.cursor() as cursor:
        for table in FILLED:
            cursor.execute(f"ANALYZE annotation_app_{table}")


if __name__ == "__main__":
    main()
