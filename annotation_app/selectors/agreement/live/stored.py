"""The stored rows of the live store as counted sums."""

from collections import defaultdict
from collections.abc import Collection, Iterable

from analytics.agreement.sums.exact.stratum_sums import added_sums
from annotation_app.models import Campaign, LiveCross, LiveSums
from annotation_app.selectors.agreement.live.counting import Counted
from annotation_app.selectors.agreement.live.packing import unpack_cross, unpack_sums
from annotation_app.selectors.agreement.live.shape import LiveShape
from annotation_app.selectors.agreement.live.strata import StratumName

# (is a cross row, id, version) of every stored row of a stratum
Signature = frozenset[tuple[bool, int, int]]


def stored_sums(campaign: Campaign, shape: LiveShape, **chosen: str | Collection[str]) -> Counted:
    """Read the sums of the slices that look-ups choose, e.g. `design="random"`."""
    return _unpacked(
        LiveSums.objects.filter(campaign=campaign, **chosen),
        LiveCross.objects.filter(campaign=campaign, **chosen),
        shape,
    )


def sums_of_rows(rows: Iterable[Signature], shape: LiveShape) -> Counted:
    """Read the sums of the rows that signatures name."""
    ids: dict[bool, list[int]] = {False: [], True: []}
    for signature in rows:
        for is_cross, pk, _ in signature:
            ids[is_cross].append(pk)
    return _unpacked(
        LiveSums.objects.filter(pk__in=ids[False]),
        LiveCross.objects.filter(pk__in=ids[True]),
        shape,
    )


def signatures(
    campaign: Campaign, **chosen: str | Collection[str]
) -> dict[tuple[str, str], Signature]:
    """The versions of the stored rows, by (facet, stratum)."""
    found: defaultdict[tuple[str, str], set[tuple[bool, int, int]]] = defaultdict(set)
    for is_cross, model in ((False, LiveSums), (True, LiveCross)):
        rows = model.objects.filter(campaign=campaign, **chosen)
        for facet, stratum, pk, version in rows.values_list("facet", "stratum", "pk", "version"):
            found[facet, stratum].add((is_cross, pk, version))
    return {key: frozenset(rows) for key, rows in found.items()}


def added(one: Counted, other: Counted) -> Counted:
    """Add sums; entries that become zero are left out."""
    sums, crosses = dict(one.sums), dict(one.crosses)
    for key, value in other.sums.items():
        sums[key] = added_sums(sums[key], value) if key in sums else value
    for pair, cross in other.crosses.items():
        crosses[pair] = crosses[pair] + cross if pair in crosses else cross
    return Counted(
        {key: value for key, value in sums.items() if not value.is_empty},
        {pair: cross for pair, cross in crosses.items() if not cross.is_empty},
    )


def as_design(counted: Counted, design: str) -> Counted:
    """Add up the slices of several designs under one name."""
    total = Counted({}, {})
    for origin in sorted({name.design for name in counted.names}):
        part = Counted(
            {
                (name._replace(design=design), dimension): sums
                for (name, dimension), sums in counted.sums.items()
                if name.design == origin
            },
            {
                (name._replace(design=design), first, second): cross
                for (name, first, second), cross in counted.crosses.items()
                if name.design == origin
            },
        )
        total = added(total, part)
    return total


def _unpacked(sums: Iterable[LiveSums], crosses: Iterable[LiveCross], shape: LiveShape) -> Counted:
    scales = shape.scales
    return Counted(
        {(_slice(row), row.dimension): unpack_sums(row, scales[row.dimension]) for row in sums},
        {
            (_slice(row), row.first, row.second): unpack_cross(
                row, (scales[row.first], scales[row.second])
            )
            for row in crosses
        },
    )


def _slice(row: LiveSums | LiveCross) -> StratumName:
    return StratumName(row.design, row.facet, row.stratum)
