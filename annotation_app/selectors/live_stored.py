"""The stored rows of the live store as counted sums."""

from collections.abc import Collection

from annotation_app.models import Campaign, LiveCross, LiveSums
from annotation_app.selectors.live_counting import Counted
from annotation_app.selectors.live_packing import unpack_cross, unpack_sums
from annotation_app.selectors.live_shape import LiveShape
from annotation_app.selectors.live_strata import StratumName


def stored_sums(campaign: Campaign, shape: LiveShape, **chosen: str | Collection[str]) -> Counted:
    """Read the sums of the slices that look-ups choose, e.g. `design="random"`."""
    scales = shape.scales
    return Counted(
        {
            (_slice(row), row.dimension): unpack_sums(row, scales[row.dimension])
            for row in LiveSums.objects.filter(campaign=campaign, **chosen)
        },
        {
            (_slice(row), row.first, row.second): unpack_cross(
                row, (scales[row.first], scales[row.second])
            )
            for row in LiveCross.objects.filter(campaign=campaign, **chosen)
        },
    )


def added(one: Counted, other: Counted) -> Counted:
    """Add sums; what comes to nothing is left out."""
    sums, crosses = dict(one.sums), dict(one.crosses)
    for key, value in other.sums.items():
        sums[key] = sums[key] + value if key in sums else value
    for pair, cross in other.crosses.items():
        crosses[pair] = crosses[pair] + cross if pair in crosses else cross
    return Counted(
        {key: value for key, value in sums.items() if not value.is_empty},
        {pair: cross for pair, cross in crosses.items() if not cross.is_empty},
    )


def _slice(row: LiveSums | LiveCross) -> StratumName:
    return StratumName(row.design, row.facet, row.stratum)
