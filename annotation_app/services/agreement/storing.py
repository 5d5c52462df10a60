"""Writing the live store; only its folder calls these, inside its transaction."""

from collections.abc import Collection, Mapping

from annotation_app.models import Campaign, LiveCross, LiveItem, LiveSums
from annotation_app.selectors.agreement.live.counting import Counted
from annotation_app.selectors.agreement.live.packing import pack_cross, pack_sums
from annotation_app.selectors.agreement.live.shape import LiveShape
from annotation_app.selectors.agreement.live.states import ItemState
from annotation_app.selectors.agreement.live.stored import added, stored_sums
from annotation_app.selectors.agreement.live.strata import StratumName
from annotation_app.services.agreement.item_spreads import write_spreads

SLICE = ["campaign", "design", "facet", "stratum"]
SUM_COLUMNS = ["header", "body", "raters", "panel_header", "panels", "version"]
CROSS_COLUMNS = ["header", "product", "version"]
ROWS_AT_ONCE = 500


def add_to_store(campaign: Campaign, change: Counted, shape: LiveShape, version: int) -> None:
    """Add a change to the stored sums; slices without ratings disappear."""
    strata = {name.stratum for name in change.names}
    stored = stored_sums(campaign, shape, stratum__in=strata)
    sums = {key: stored.sums[key] for key in change.sums.keys() & stored.sums}
    crosses = {key: stored.crosses[key] for key in change.crosses.keys() & stored.crosses}
    kept = added(Counted(sums, crosses), change)
    write_sums(campaign, kept, version)
    _delete_sums(campaign, sums.keys() - kept.sums, crosses.keys() - kept.crosses)


def write_sums(campaign: Campaign, counted: Counted, version: int) -> None:
    """Insert or replace rows."""
    LiveSums.objects.bulk_create(
        (
            LiveSums(
                campaign=campaign,
                dimension=dimension,
                version=version,
                **name._asdict(),
                **pack_sums(sums),
            )
            for (name, dimension), sums in counted.sums.items()
        ),
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=[*SLICE, "dimension"],
        update_fields=SUM_COLUMNS,
    )
    LiveCross.objects.bulk_create(
        (
            LiveCross(
                campaign=campaign,
                first=first,
                second=second,
                version=version,
                **name._asdict(),
                **pack_cross(cross),
            )
            for (name, first, second), cross in counted.crosses.items()
        ),
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=[*SLICE, "first", "second"],
        update_fields=CROSS_COLUMNS,
    )


def _delete_sums(
    campaign: Campaign,
    sums: Collection[tuple[StratumName, str]],
    crosses: Collection[tuple[StratumName, str, str]],
) -> None:
    for name, dimension in sums:
        LiveSums.objects.filter(campaign=campaign, dimension=dimension, **name._asdict()).delete()
    for name, first, second in crosses:
        LiveCross.objects.filter(
            campaign=campaign, first=first, second=second, **name._asdict()
        ).delete()


def write_states(
    campaign: Campaign, items: Collection[int], states: Mapping[int, ItemState]
) -> None:
    """Note what of the items is folded now, and how far apart their raters lie."""
    write_spreads(campaign, items, states)
    LiveItem.objects.filter(campaign_item__in=set(items) - states.keys()).delete()
    LiveItem.objects.bulk_create(
        (
            LiveItem(campaign=campaign, campaign_item_id=item, state=state.as_json())
            for item, state in states.items()
        ),
        batch_size=ROWS_AT_ONCE,
        update_conflicts=True,
        unique_fields=["campaign_item"],
        update_fields=["state"],
    )
