"""Straight-lining over all that each annotator rated: counted by the database, item by item."""

from collections.abc import Mapping
from typing import Any

from django.db import connection

from analytics.raters.binomial_shares import share
from analytics.raters.straightlining import FEWEST_CANDIDATES
from annotation_app.enums import DATA_PURPOSES
from annotation_app.models import Campaign
from annotation_app.services.raters.figures import share_facts

# Per annotator and dimension: items with one level for all their candidates, of the items where
# at least three candidates were judged.
COUNT_FLAT = """
SELECT key, annotator_id, count(*) FILTER (WHERE low = high), count(*) FROM (
    SELECT d.key, r.annotator_id, min(s.level) AS low, max(s.level) AS high
    FROM annotation_app_rating r
    JOIN annotation_app_score s ON s.revision_id = r.current_revision_id
    JOIN annotation_app_dimension d ON d.id = s.dimension_id
    WHERE r.campaign_id = %(campaign)s AND r.status = 'active' AND r.purpose = ANY(%(purposes)s)
    GROUP BY d.key, r.annotator_id, r.id
    HAVING count(s.level) >= %(fewest)s
) items GROUP BY key, annotator_id
"""


def flat_items(campaign: Campaign) -> Mapping[str, dict[str, dict[str, Any]]]:
    """By dimension key and user id: the share of flat items and that of all the others."""
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "purposes": [purpose.value for purpose in DATA_PURPOSES],
        "fewest": FEWEST_CANDIDATES,
    }
    with connection.cursor() as cursor:
        cursor.execute(COUNT_FLAT, values)
        rows = cursor.fetchall()
    totals: dict[str, tuple[int, int]] = {}
    for key, _, flat, n in rows:
        all_flat, all_n = totals.get(key, (0, 0))
        totals[key] = all_flat + flat, all_n + n
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for key, annotator, flat, n in rows:
        others_flat, others_n = totals[key][0] - flat, totals[key][1] - n
        found.setdefault(key, {})[str(annotator)] = share_facts(share(flat, n)) | {
            "others": others_flat / others_n if others_n else None
        }
    return found
