"""The chart of how often each generator got each level."""

from django.utils.translation import gettext

from annotation_app.enums import Facet
from annotation_app.web.agreement.chart import Cell, Chart, Column
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import number, percent


def distributions_chart(reading: DashboardData) -> Chart:
    """Shares of the levels by generator.

    Of one generator where the page is narrowed to it; else of all items: the live figures hold
    counts by one facet at a time, and the chart says so.
    """
    name, bands = reading.names[reading.dimension], reading.bands
    rows, means = [], {}
    own = reading.is_narrowed and reading.query.by is Facet.GENERATOR
    for stratum in reading.live.strata[Facet.GENERATOR]:
        if own and stratum.key != reading.query.value:
            continue
        counts = stratum.level_counts(reading.dimension)
        total = sum(counts)
        if not total:
            continue
        values = stratum.sums[reading.dimension].scale.values
        pairs = zip(values, counts, strict=True)
        means[stratum.label] = sum(value * count for value, count in pairs) / total
        rows += [
            [
                Cell(stratum.label, stratum.label),
                Cell(level, level),
                Cell(count / total, percent(count / total)),
                Cell(count, number(count, 0)),
            ]
            for level, count in zip(bands.labels, bands.sum(counts), strict=True)
        ]
    return Chart(
        key="distributions",
        kind="stack",
        title=gettext("%(dimension)s: levels by generator") % {"dimension": name},
        sentence=f"{_sentence(means)}{_scope(reading, own=own)}",
        columns=[
            Column("label", gettext("Generator"), is_number=False),
            Column("level", gettext("Level")),
            Column("share", gettext("Share")),
            Column("count", gettext("Ratings")),
        ],
        rows=rows,
        is_of_all_items=not own,
        axis=gettext("share of the ratings"),
    )


def _scope(reading: DashboardData, *, own: bool) -> str:
    if own or not reading.is_narrowed:
        return ""
    return " " + gettext("These are of all items, not of the slice alone.")


def _sentence(means: dict[str, float]) -> str:
    if not means:
        return gettext("No ratings yet.")
    low, high = min(means, key=means.__getitem__), max(means, key=means.__getitem__)
    return gettext(
        "Share of each level in the ratings of every generator's edits. The mean level runs from "
        "%(low)s (%(lowest)s) to %(high)s (%(highest)s)."
    ) % {
        "low": number(means[low], 2),
        "lowest": low,
        "high": number(means[high], 2),
        "highest": high,
    }
