"""The chart of α per dimension with both intervals, against the thresholds."""

from django.utils.translation import gettext

from analytics.agreement.coefficients.catalogue import Coefficient
from annotation_app.selectors.agreement.dashboard.headlines import (
    THRESHOLDS,
    DimensionLine,
    dimension_lines,
)
from annotation_app.web.agreement.chart import Cell, Chart, Column
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import bound_cells, number, percent, span, value_cell


def dimensions_chart(reading: DashboardData) -> Chart:
    """Ordinal α per dimension; the other coefficients are in the table."""
    lines = dimension_lines(reading.campaign, reading.live, reading.stratum)
    return Chart(
        key="dimensions",
        kind="intervals",
        title=gettext("Agreement by dimension"),
        sentence=_sentence(reading, lines),
        columns=_columns(),
        rows=[_row(reading.names.get(one.dimension, one.dimension), one) for one in lines],
        marks=[{"value": one, "label": number(one)} for one in THRESHOLDS],
        axis=gettext("Krippendorff's ordinal α"),
    )


def _columns() -> list[Column]:
    return [
        Column("label", gettext("Dimension"), is_number=False),
        Column("alpha", gettext("α ordinal")),
        Column("low", gettext("95 % interval")),
        Column("high", ""),
        Column("low_annotators", gettext("New annotators too")),
        Column("high_annotators", ""),
        Column("gate", gettext("Gate")),
        Column("gwet_ac2", "AC2"),
        Column("fleiss_kappa", gettext("Fleiss κ")),
        Column("exact_agreement", gettext("exact")),
        Column("within_one_agreement", gettext("±1")),
        Column("n_pairable", gettext("Overlap n")),
        Column("n_items", gettext("Items")),
        Column("n_raters", gettext("Annotators")),
    ]


def _row(name: str, line: DimensionLine) -> list[Cell]:
    summary = line.summary
    coefficients = summary.lines
    shares = [
        coefficients[one].estimate.value for one in (Coefficient.EXACT, Coefficient.WITHIN_ONE)
    ]
    gate = line.gates[-1].threshold if line.own else None
    counts = (summary.n_pairable, summary.n_items, summary.n_raters)
    return [
        Cell(name, name),
        value_cell(summary.headline.estimate),
        *bound_cells(summary.headline.items),
        *bound_cells(summary.headline.annotators),
        Cell(gate, number(gate, 2)),
        *(value_cell(coefficients[one].estimate) for one in (Coefficient.AC2, Coefficient.FLEISS)),
        *(Cell(one, percent(one)) for one in shares),
        *(Cell(one, number(one, 0)) for one in counts),
    ]


def _sentence(reading: DashboardData, lines: list[DimensionLine]) -> str:
    parts = []
    for line in lines:
        name, headline = reading.names.get(line.dimension, line.dimension), line.summary.headline
        if headline.estimate.value is None:
            parts.append(f"{name}: {value_cell(headline.estimate).text}")
        else:
            interval = span(headline.items)
            parts.append(f"{name}: α {number(headline.estimate.value)} ({interval}).")
    return gettext("Ordinal α of each dimension with its 95 %% interval. %(parts)s") % {
        "parts": " ".join(parts)
    }
