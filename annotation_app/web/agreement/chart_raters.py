"""The funnel of annotators: α against the others by the number of items it is based on."""

from collections.abc import Sequence

from django.urls import reverse
from django.utils.translation import gettext, gettext_noop

from analytics.raters.signals import Signal
from annotation_app.selectors.raters.panel import ALPHA, RaterRow, rater_funnel
from annotation_app.web.agreement.chart import Cell, Chart, Column, Value
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import NOTHING, bound_cells, number, span, value_cell

# What the statistics say of an annotator, named here for the translators.
SENTENCES = (
    gettext_noop("Agrees with others less than most annotators do."),
    gettext_noop("Distinguishes good and bad edits less well than most annotators do."),
    gettext_noop("Rates lower than the others on the same edits."),
    gettext_noop("Rates higher than the others on the same edits."),
)
CURVES = ("action_low", "warning_low", "warning_high", "action_high")


def raters_chart(reading: DashboardData) -> Chart:
    """Each annotator's α against the rest, with the limits that honest ones rarely leave."""
    name, rows = reading.names[reading.rater_dimension], reading.raters
    made = rater_funnel(rows)
    curves: dict[str, list[float]] = {}
    marks: list[dict[str, Value]] = []
    if made is not None:
        curves = {"n_items": made.curve_n.tolist()}
        curves |= {key: made.curves[:, place].tolist() for place, key in enumerate(CURVES)}
        marks = [{"value": made.centre, "label": gettext("median")}]
    return Chart(
        key="annotators",
        kind="funnel",
        title=gettext("%(dimension)s: each annotator against the others") % {"dimension": name},
        sentence=_sentence(rows, has_limits=made is not None),
        columns=_columns(),
        rows=[_row(one, has_limits=made is not None) for one in rows],
        links=[
            reverse("rater-panel", args=[reading.campaign.slug, one.user.public_id]) for one in rows
        ],
        marks=marks,
        curves=curves,
        axis=gettext("α against the others"),
    )


def signal_words(signals: Sequence[Signal]) -> str:
    """The outlying figures, in a sentence or two."""
    return " ".join(gettext(one.sentence) for one in signals)


def _columns() -> list[Column]:
    return [
        Column("label", gettext("Annotator"), is_number=False),
        Column("alpha", gettext("α against the others")),
        Column("low", gettext("95 % interval")),
        Column("high", ""),
        Column("leave_one_out", gettext("Change in α without them")),
        Column("severity", gettext("Severity")),
        Column("n_items", gettext("Items")),
        Column("n_ratings", gettext("Ratings")),
        Column("signals", gettext("Summary"), is_number=False),
    ]


def _row(row: RaterRow, *, has_limits: bool) -> list[Cell]:
    figure, change = row.line.against[ALPHA], row.line.leave_one_out
    without = value_cell(change.estimate, sign=True)
    if change.interval.bounds:
        text = f"{without.text} ({span(change.interval, sign=True)})"
        without = Cell(without.value, text)
    severity = next((one for key, one in row.line.against.items() if key.value == "severity"), None)
    words = signal_words(row.signals)
    return [
        Cell(row.user.username, row.user.username),
        value_cell(figure.estimate),
        *bound_cells(figure.interval),
        without,
        Cell(None, NOTHING) if severity is None else value_cell(severity.estimate, 2, sign=True),
        Cell(figure.n_items, number(figure.n_items, 0)),
        Cell(row.line.n_ratings, number(row.line.n_ratings, 0)),
        Cell(words, words or _unremarkable(row, has_limits=has_limits)),
    ]


def _unremarkable(row: RaterRow, *, has_limits: bool) -> str:
    if not has_limits or not row.line.against[ALPHA].interval.bounds:
        return gettext("Too little data to tell.")
    return gettext("Within the limits.")


def _sentence(rows: Sequence[RaterRow], *, has_limits: bool) -> str:
    if not rows:
        return gettext("No ratings yet.")
    if not has_limits:
        return gettext(
            "Each annotator's α against the others by number of items. Limits need five annotators "
            "with intervals."
        )
    outside = [row.user.username for row in rows if row.signals]
    seen = gettext(
        "Each annotator's α against the others by number of items, with limits that "
        "two in a thousand honest annotators exceed."
    )
    if not outside:
        return f"{seen} {gettext('No one stands out.')}"
    words = gettext("Standing out: %(names)s.") % {"names": ", ".join(outside)}
    return f"{seen} {words}"
