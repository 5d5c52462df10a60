"""An export item's pairs by the options of its version."""

from analytics.pairs.build import ItemPairs, build_item_pairs
from analytics.pairs.dimensions import Dimensions
from annotation_app.services.exports.items import ExportItem
from annotation_app.services.exports.options import ExportOptions


def item_pairs(item: ExportItem, dimensions: Dimensions, options: ExportOptions) -> ItemPairs:
    """All pairs of an item, exact, with counts that reconcile."""
    return build_item_pairs(item.scored(dimensions), dimensions, options.pair_options())
