"""The chart of α over time, with the days from which on agreement is another."""

from dataclasses import replace

from django.utils.translation import gettext

from annotation_app.enums import Facet
from annotation_app.selectors.agreement.dashboard.periods import agreement_changes, time_slice
from annotation_app.selectors.agreement.dashboard.slices import slice_rows
from annotation_app.web.agreement.chart import Chart, Value
from annotation_app.web.agreement.chart_slices import chart_of_slices
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import number


def trend_chart(reading: DashboardData) -> Chart:
    """Ordinal α of the focus dimension by period, over the whole campaign."""
    rows = slice_rows(reading.live, Facet.DAY, reading.dimension)
    in_order = sorted(rows, key=lambda one: one.stratum.key)
    found = chart_of_slices(reading, "trend", replace(reading.query, by=Facet.DAY), in_order)
    return replace(
        found,
        title=gettext("%(dimension)s over time") % {"dimension": reading.names[reading.dimension]},
        sentence=" ".join([found.sentence, *change_words(reading)]),
        marks=[*found.marks, *_changes(reading)],
    )


def change_words(reading: DashboardData) -> list[str]:
    """A sentence for each change of agreement; one that says so if there is none."""
    changes = agreement_changes(reading.live, reading.dimension)
    if not reading.live.pooled.n_items(reading.dimension):
        return []
    if not changes:
        return [gettext("No change over time beyond chance (1 %% level).") % {}]
    return [
        gettext(
            "From %(day)s on, agreement differs: α %(before)s before, %(after)s after (p %(p)s)."
        )
        % {
            "day": change.period,
            "before": number(change.before),
            "after": number(change.after),
            "p": number(max(change.p_value, 0.001), 3),
        }
        for change in changes
    ]


def _changes(reading: DashboardData) -> list[dict[str, Value]]:
    """The periods that the changes fall into, for the drawing."""
    found: list[dict[str, Value]] = []
    for change in agreement_changes(reading.live, reading.dimension):
        period = time_slice(reading.live, str(change.period))
        if period is not None:
            words = gettext("change on %(day)s") % {"day": change.period}
            found.append({"period": period.label, "label": words})
    return found
