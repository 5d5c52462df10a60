"""The chart of α by slice of a facet; a slice of under five items says so."""

from collections.abc import Sequence

from django.utils.translation import gettext

from annotation_app.enums import Facet
from annotation_app.selectors.agreement.dashboard.headlines import THRESHOLDS
from annotation_app.selectors.agreement.dashboard.slices import (
    SliceRow,
    most_overlap,
    slice_rows,
)
from annotation_app.web.agreement.chart import Cell, Chart, Column
from annotation_app.web.agreement.query import Query
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import NOTHING, bound_cells, number, span, value_cell


def slices_chart(reading: DashboardData) -> Chart:
    """Ordinal α of the focus dimension by slice of the facet that the address asks for."""
    return chart_of_slices(reading, "slices", reading.query, ordered_slices(reading))


def chart_of_slices(
    reading: DashboardData, key: str, query: Query, rows: Sequence[SliceRow]
) -> Chart:
    """A chart of slices in the order given."""
    name = reading.names[reading.dimension]
    words = {"dimension": name, "facet": str(query.by.label)}
    return Chart(
        key=key,
        kind="series" if query.by is Facet.DAY else "intervals",
        title=gettext("%(dimension)s by: %(facet)s") % words,
        sentence=_sentence(name, rows),
        columns=_columns(query),
        rows=[_row(one, query) for one in rows],
        links=[narrowed(query, one) for one in rows],
        marks=[{"value": one, "label": number(one)} for one in THRESHOLDS],
        axis=gettext("Krippendorff's ordinal α"),
    )


def ordered_slices(reading: DashboardData) -> list[SliceRow]:
    """The slices in the order that the address asks for; time stays in its own."""
    rows = slice_rows(reading.live, reading.query.by, reading.dimension)
    if reading.query.by is Facet.DAY:
        return sorted(rows, key=lambda one: one.stratum.key)
    if reading.query.sort == "name":
        return sorted(rows, key=lambda one: one.stratum.label)
    return sorted(rows, key=most_overlap) if reading.query.sort == "overlap" else list(rows)


def narrowed(query: Query, row: SliceRow) -> str:
    """The address of the page narrowed to a slice; empty for the one without a name."""
    return query.with_(value=row.stratum.key) if row.stratum.key else ""


def _columns(query: Query) -> list[Column]:
    return [
        Column("label", str(query.by.label), is_number=False),
        Column("alpha", gettext("α ordinal")),
        Column("low", gettext("95 % interval")),
        Column("high", ""),
        Column("low_annotators", gettext("New annotators too")),
        Column("high_annotators", ""),
        Column("against_rest", gettext("Against the rest")),
        Column("n_items", gettext("Items")),
    ]


def _row(row: SliceRow, query: Query) -> list[Cell]:
    label = Cell(row.stratum.label, row.stratum.label, narrowed(query, row))
    count = Cell(row.n_items, number(row.n_items, 0))
    if not row.has_enough:
        few = Cell(None, gettext("Fewer than five overlapping items: no figure."))
        return [label, few, *[Cell(None, NOTHING)] * 5, count]
    rest = Cell(None, NOTHING)
    if row.rest is not None:
        rest = value_cell(row.rest.estimate, sign=True)
        if row.rest.interval.bounds:
            rest = Cell(rest.value, f"{rest.text} ({span(row.rest.interval, 2, sign=True)})")
    return [
        label,
        value_cell(row.line.estimate),
        *bound_cells(row.line.items),
        *bound_cells(row.line.annotators),
        rest,
        count,
    ]


def _sentence(name: str, rows: Sequence[SliceRow]) -> str:
    shown = [row for row in rows if row.has_enough and row.line.estimate.value is not None]
    few = len(rows) - len(shown)
    if not shown:
        return gettext("%(name)s: no slice has five overlapping items yet.") % {"name": name}
    values = {row.stratum.label: row.line.estimate.value or 0.0 for row in shown}
    low, high = min(values, key=values.__getitem__), max(values, key=values.__getitem__)
    return gettext(
        "%(name)s: α by slice with 95 %% intervals (slices: %(count)s), from %(low)s (%(lowest)s) "
        "to %(high)s (%(highest)s). Slices with too little overlap for a figure: %(few)s."
    ) % {
        "name": name,
        "count": len(shown),
        "low": number(values[low]),
        "lowest": low,
        "high": number(values[high]),
        "highest": high,
        "few": few,
    }
