"""External sets with what they keep out."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from annotation_app.models import Collection

SETS = """
SELECT held.id, held.name, cardinality(held.hashes), held.created_at, owner.username,
       EXISTS (SELECT 1 FROM annotation_app_benchmark b WHERE b.external_set_id = held.id),
       count(DISTINCT item.id),
       count(DISTINCT item.id) FILTER (WHERE item.split IN ('train', 'validation', 'test'))
FROM annotation_app_externalset held
LEFT JOIN annotation_app_user owner ON owner.id = held.created_by_id
LEFT JOIN LATERAL (
    SELECT image.id FROM unnest(held.hashes) AS listed(sha)
    JOIN annotation_app_image image ON image.pixel_sha256 = listed.sha
    UNION
    SELECT original.image_id FROM unnest(held.hashes) AS listed(sha)
    JOIN annotation_app_imageoriginal original ON original.file_sha256 = listed.sha
) AS shown ON true
LEFT JOIN LATERAL (
    SELECT i.id FROM annotation_app_item i
    WHERE i.collection_id = held.collection_id AND i.source_image_id = shown.id
    UNION
    SELECT i.id FROM annotation_app_candidate c JOIN annotation_app_item i ON i.id = c.item_id
    WHERE i.collection_id = held.collection_id AND c.image_id = shown.id
) AS holder ON true
LEFT JOIN annotation_app_item item ON item.id = holder.id
WHERE held.collection_id = %s
GROUP BY held.id, owner.username
ORDER BY held.name
"""


@dataclass(frozen=True)
class ListedSet:
    """A set: how many images it lists, how many items show one, how many of these were released."""

    pk: int
    name: str
    hashes: int
    created_at: datetime
    owner: str | None
    guards_benchmark: bool
    items: int
    released: int


def external_sets(collection: Collection) -> list[ListedSet]:
    """A collection's external sets by name."""
    with connection.cursor() as cursor:
        cursor.execute(SETS, [collection.pk])
        return [ListedSet(*row) for row in cursor.fetchall()]
