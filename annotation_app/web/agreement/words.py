"""Figures in words: why one is missing, what an interval says of a gate."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy

from analytics.estimates import Estimate, Interval, Reason
from analytics.monitoring.gates import Gate, GateStatus
from annotation_app.web.agreement.chart import Cell

NOTHING = "–"
REASONS: Mapping[Reason, Promise] = {
    Reason.NO_OVERLAP: gettext_lazy("No candidate has two ratings yet."),
    Reason.NO_VARIATION: gettext_lazy("All ratings are equal: agreement is not defined."),
    Reason.FEW_ITEMS: gettext_lazy("Fewer than five overlapping items: no interval."),
    Reason.FEW_RATERS: gettext_lazy(
        "Fewer than three annotators: their spread cannot be estimated."
    ),
    Reason.NO_DISAGREEMENT: gettext_lazy("Perfect agreement: no interval can be computed."),
    Reason.NO_AGREEMENT: gettext_lazy("No two ratings agree: no interval can be computed."),
    Reason.NOT_CONNECTED: gettext_lazy("Without one of the annotators there is no overlap left."),
    Reason.NO_DISCRIMINATION: gettext_lazy(
        "Cannot be distinguished from answers that ignore quality: no severity."
    ),
}


def reason_text(reason: Reason | None) -> str:
    """Why there is no figure."""
    return NOTHING if reason is None else str(REASONS[reason])


def number(value: float | None, places: int = 3, *, sign: bool = False) -> str:
    """A figure as a page writes it."""
    if value is None:
        return NOTHING
    rounded = round(value, places)
    text = number_format(abs(rounded), places)
    if rounded < 0:
        return f"−{text}"
    return f"+{text}" if sign and rounded > 0 else text


def percent(value: float | None) -> str:
    """A share as a page writes it."""
    return NOTHING if value is None else f"{number_format(round(100 * value, 1), 1)} %"


def span(interval: Interval, places: int = 3, *, sign: bool = False) -> str:
    """Both bounds, or why there are none."""
    if interval.bounds is None:
        return reason_text(interval.reason)
    low, high = (number(one, places, sign=sign) for one in interval.bounds)
    return gettext("%(low)s to %(high)s") % {"low": low, "high": high}


def value_cell(estimate: Estimate, places: int = 3, *, sign: bool = False) -> Cell:
    """A figure, or why it is undefined."""
    if estimate.value is None:
        return Cell(None, reason_text(estimate.reason))
    return Cell(estimate.value, number(estimate.value, places, sign=sign))


def bound_cells(interval: Interval) -> list[Cell]:
    """Low and high for files; the page reads both, or why there are none, in the first."""
    low, high = interval.bounds or (None, None)
    return [Cell(low, span(interval)), Cell(high, "")]


def gate_words(gate: Gate) -> str:
    """What the interval says of a threshold."""
    threshold = {"gate": number(gate.threshold)}
    match gate.status:
        case GateStatus.PASSED:
            return gettext("Clearly at least %(gate)s: the lower bound reaches it.") % threshold
        case GateStatus.OPEN:
            return (
                gettext(
                    "Unclear whether it reaches %(gate)s: the interval contains it. More "
                    "overlap would decide."
                )
                % threshold
            )
        case GateStatus.FAILED:
            return gettext("Clearly below %(gate)s: even the upper bound is lower.") % threshold
        case GateStatus.UNKNOWN:
            return gettext("No conclusion about %(gate)s: there is no interval.") % threshold
