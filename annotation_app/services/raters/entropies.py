"""How open the level of an average rater is: from the facet model to the items' spreads."""

from collections.abc import Mapping

import numpy as np
from django.db import connection

from analytics.facet.fit import FacetFit
from analytics.limits import FEWEST_RATERS
from analytics.tables import RatingTable
from annotation_app.models import Campaign, ItemSpread
from annotation_app.selectors.agreement.item_spreads import ANY_DIMENSION

WRITE_ENTROPIES = """
UPDATE annotation_app_itemspread spread SET entropy = found.entropy
FROM unnest(%s::bigint[], %s::float8[]) AS found(item, entropy)
WHERE spread.campaign_id = %s AND spread.dimension = %s AND spread.campaign_item_id = found.item
"""


def item_entropies(fit: FacetFit, table: RatingTable) -> dict[int, float]:
    """The largest entropy of each item's candidates that two people scored, by item id."""
    several = np.bincount(table.unit, minlength=table.n_units) >= FEWEST_RATERS
    largest = np.full(table.n_items, -np.inf)
    np.maximum.at(largest, table.unit_item[several], fit.level_entropy[several])
    return {
        int(str(label)): float(value)
        for label, value in zip(table.item_labels, largest, strict=True)
        if np.isfinite(value)
    }


def write_entropies(campaign: Campaign, found: Mapping[str, Mapping[int, float]]) -> None:
    """Replace the entropies of a campaign's spreads, by dimension key and item."""
    ItemSpread.objects.filter(campaign=campaign).update(entropy=None)
    widest: dict[int, float] = {}
    for entropies in found.values():
        for item, value in entropies.items():
            widest[item] = max(value, widest.get(item, 0.0))
    with connection.cursor() as cursor:
        for dimension, entropies in ((ANY_DIMENSION, widest), *found.items()):
            items, values = list(entropies), list(entropies.values())
            cursor.execute(WRITE_ENTROPIES, [items, values, campaign.pk, dimension])
