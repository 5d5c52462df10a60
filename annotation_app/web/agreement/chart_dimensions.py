"""The chart of α per dimension with both intervals, against the thresholds."""

from django.utils.translation import gettext

from analytics.agreement.coefficients import Coefficient
from annotation_app.selectors.dashboard.headlines import THRESHOLDS, DimensionLine, dimension_lines
from annotation_app.web.agreement.chart import Cell, Chart, Column, Value
from annotation_app.web.agreement.reading import Reading
from annotation_app.web.agreement.words import bound_cells, number, percent, span, value_cell


def dimensions_chart(reading: Reading) -> Chart:
    """Ordinal α per dimension; the other coefficients stand in the table."""
    lines = dimension_lines(reading.campaign, reading.live, reading.stratum)
    return Chart(
        key="dimensions",
        kind="intervals",
        title=gettext("Agreement by dimension"),
        sentence=_sentence(reading, lines),
        columns=_columns(),
        rows=[_row(reading.names.get(one.dimension, one.dimension), one) for one in lines],
        marks=_marks(reading, lines),
        axis=gettext("Krippendorff's ordinal α"),
    )


def _columns() -> list[Column]:
    return [
        Column("label", gettext("Dimension"), is_number=False),
        Column("alpha", gettext("α ordinal")),
        Column("low", gettext("low")),
        Column("high", gettext("high")),
        Column("low_annotators", gettext("low, new annotators too")),
        Column("high_annotators", gettext("high, new annotators too")),
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
    counts = (summary.n_pairable, summary.n_items, summary.n_raters)
    return [
        Cell(name, name),
        value_cell(summary.headline.estimate),
        *bound_cells(summary.headline.items),
        *bound_cells(summary.headline.annotators),
        *(value_cell(coefficients[one].estimate) for one in (Coefficient.AC2, Coefficient.FLEISS)),
        *(Cell(one, percent(one)) for one in shares),
        *(Cell(one, number(one, 0)) for one in counts),
    ]


def _marks(reading: Reading, lines: list[DimensionLine]) -> list[dict[str, Value]]:
    marks: list[dict[str, Value]] = [{"value": one, "label": number(one)} for one in THRESHOLDS]
    own: dict[float, list[str]] = {}
    for line in lines:
        if line.own:
            own.setdefault(line.gates[-1].threshold, []).append(line.dimension)
    for threshold, keys in own.items():
        names = ", ".join(reading.names.get(key, key) for key in keys)
        words = gettext("gate of %(names)s") % {"names": names}
        marks.append({"value": threshold, "label": f"{words}: {number(threshold, 2)}"})
    return marks


def _sentence(reading: Reading, lines: list[DimensionLine]) -> str:
    parts = []
    for line in lines:
        name, headline = reading.names.get(line.dimension, line.dimension), line.summary.headline
        if headline.estimate.value is None:
            parts.append(f"{name}: {value_cell(headline.estimate).text}")
        else:
            interval = span(headline.items)
            parts.append(f"{name}: α {number(headline.estimate.value)} ({interval})")
    return gettext("Ordinal α of each dimension with its 95 %% interval. %(parts)s") % {
        "parts": "; ".join(parts)
    }
