"""Recording how far apart items' raters are, with the live store's states of these items."""

from collections.abc import Collection, Mapping

from annotation_app.models import Campaign, ItemSpread
from annotation_app.selectors.agreement.item_spreads import Spread, item_spreads
from annotation_app.selectors.agreement.live.states import ItemState

ROWS_AT_ONCE = 500
# The entropy is not among them: only a study of the annotators knows it.
COLUMNS = ["campaign", "width", "raters", "guidelines", "by_generator"]


def write_spreads(
    campaign: Campaign, items: Collection[int], states: Mapping[int, ItemState]
) -> None:
    """Replace the spreads of items, by campaign item id; for the folder, in its transaction."""
    found = {
        (item, spread.dimension): spread
        for item, state in states.items()
        for spread in item_spreads(state)
    }
    known = ItemSpread.objects.filter(campaign=campaign, campaign_item__in=items)
    gone = [
        pk
        for pk, item, dimension in known.values_list("pk", "campaign_item_id", "dimension")
        if (item, dimension) not in found
    ]
    ItemSpread.objects.filter(pk__in=gone).delete()
    ItemSpread.objects.bulk_create(
        (_row(campaign, item, spread) for (item, _), spread in found.items()),
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["campaign_item", "dimension"],
        update_fields=COLUMNS,
    )


def _row(campaign: Campaign, item: int, spread: Spread) -> ItemSpread:
    return ItemSpread(
        campaign=campaign,
        campaign_item_id=item,
        dimension=spread.dimension,
        width=spread.width,
        raters=list(spread.raters),
        guidelines=list(spread.guidelines),
        by_generator={str(key): width for key, width in spread.by_generator.items()},
    )
