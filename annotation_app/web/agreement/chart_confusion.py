"""The confusion matrix: others' levels where one rating has a given level."""

from collections.abc import Sequence

from django.utils.translation import gettext

from analytics.estimates import Reason
from annotation_app.web.agreement.chart import Cell, Chart, Column, Table
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import percent, reason_text


def confusion_chart(reading: DashboardData) -> Chart:
    """Share of the others' ratings of the same candidate at each level, by one rating's level."""
    name, levels = reading.names[reading.dimension], reading.bands.labels
    pairs = reading.stratum.coincidences(reading.dimension)
    totals = pairs.sum(axis=1)
    rows = [
        [
            Cell(own, own),
            Cell(other, other),
            Cell(share, percent(share)),
            Cell(float(pairs[i, j]), f"{pairs[i, j]:.1f}"),
        ]
        for i, own in enumerate(levels)
        for j, other in enumerate(levels)
        for share in [float(pairs[i, j] / totals[i]) if totals[i] else None]
    ]
    return Chart(
        key="confusion",
        kind="matrix",
        title=gettext("%(dimension)s: one rating against the rest") % {"dimension": name},
        sentence=_sentence(reading.stratum.equal_share(reading.dimension)),
        columns=[
            Column("row", gettext("One rating")),
            Column("column", gettext("The others")),
            Column("share", gettext("Share of the row")),
            Column("pairs", gettext("Pairs, weighted")),
        ],
        rows=rows if pairs.sum() else [],
        axis=gettext("share of the row"),
        table=_square(levels, rows),
    )


def _sentence(equal: float | None) -> str:
    if equal is None:
        return reason_text(Reason.NO_OVERLAP)
    return gettext(
        "When one rating gives a level: the share of the other ratings of the same "
        "candidate at each level. %(same)s of all pairs are equal."
    ) % {"same": percent(equal)}


def _square(levels: Sequence[str], rows: list[list[Cell]]) -> Table:
    """One line per level, one column per level of the others."""
    texts = [row[2] for row in rows]
    size = len(levels)
    return Table(
        columns=[
            Column("row", gettext("One rating"), is_number=False),
            *(
                Column(level, gettext("the others: %(level)s") % {"level": level})
                for level in levels
            ),
        ],
        rows=[
            [Cell(level, level), *texts[place * size : (place + 1) * size]]
            for place, level in enumerate(levels)
        ],
    )
