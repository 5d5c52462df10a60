"""Every dimension's agreement in words: intervals, gates, and differences between dimensions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from analytics.monitoring.gates import Gate, GateStatus
from annotation_app.selectors.agreement.dashboard.headlines import (
    DimensionLine,
    dimension_lines,
    pair_differences,
)
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.words import gate_words, number, span, value_cell

BADGES = {
    GateStatus.PASSED: "badge-good",
    GateStatus.OPEN: "badge-warn",
    GateStatus.FAILED: "badge-bad",
    GateStatus.UNKNOWN: "",
}


@dataclass(frozen=True)
class GateLine:
    """A threshold, what the data say of it, and the badge's class."""

    label: str
    words: str
    badge: str
    status: str


@dataclass(frozen=True)
class Headline:
    """One dimension.

    Attributes:
        name: in the reader's language.
        alpha: the figure; empty if undefined.
        reason: why it is.
        items: interval for these annotators and new items.
        annotators: for new annotators too.
        gates: every threshold, the campaign's own first.
        counts: what it is based on.
    """

    name: str
    alpha: str
    reason: str
    items: str
    annotators: str
    gates: Sequence[GateLine]
    counts: str


@dataclass(frozen=True)
class DifferenceLine:
    """Two dimensions compared on the same items, in words."""

    name: str
    value: str
    interval: str
    words: str


def headlines(reading: DashboardData) -> list[Headline]:
    """Every dimension, the overall last."""
    lines = dimension_lines(reading.campaign, reading.live, reading.stratum)
    return [_headline(reading, line) for line in lines]


def differences(reading: DashboardData) -> list[DifferenceLine]:
    """Every pair of dimensions."""
    found = []
    for pair in pair_differences(reading.live, reading.stratum):
        first, second = reading.names[pair.first], reading.names[pair.second]
        value = value_cell(pair.difference.estimate, sign=True)
        interval = pair.difference.interval
        found.append(
            DifferenceLine(
                name=gettext("%(first)s minus %(second)s") % {"first": first, "second": second},
                value=value.text,
                interval=span(interval, sign=True) if value.value is not None else "",
                words=_verdict(interval.bounds, first, second),
            )
        )
    return found


def _headline(reading: DashboardData, line: DimensionLine) -> Headline:
    summary, headline = line.summary, line.summary.headline
    defined = headline.estimate.value is not None
    gates = [_gate(gate, is_own=False) for gate in line.gates]
    if line.own:
        gates = [_gate(line.gates[-1], is_own=True), *gates[:-1]]
    counts = {
        "units": number(summary.n_pairable, 0),
        "items": number(summary.n_items, 0),
        "raters": number(summary.n_raters, 0),
    }
    return Headline(
        name=reading.names.get(line.dimension, line.dimension),
        alpha=number(headline.estimate.value) if defined else "",
        reason="" if defined else value_cell(headline.estimate).text,
        items=span(headline.items),
        annotators=span(headline.annotators),
        gates=gates,
        counts=gettext("%(units)s candidates of %(items)s items, %(raters)s annotators") % counts,
    )


def _gate(gate: Gate, *, is_own: bool) -> GateLine:
    threshold = number(gate.threshold)
    label = gettext("this campaign's gate %(gate)s") if is_own else gettext("threshold %(gate)s")
    return GateLine(
        label=label % {"gate": threshold},
        words=gate_words(gate),
        badge=BADGES[gate.status],
        status=_status(gate.status),
    )


def _status(status: GateStatus) -> str:
    match status:
        case GateStatus.PASSED:
            return gettext("passed")
        case GateStatus.OPEN:
            return gettext("not sure")
        case GateStatus.FAILED:
            return gettext("missed")
        case GateStatus.UNKNOWN:
            return gettext("unknown")


def _verdict(bounds: tuple[float, float] | None, first: str, second: str) -> str:
    if bounds is None:
        return ""
    if bounds[0] > 0:
        return gettext("%(name)s has clearly higher agreement.") % {"name": first}
    if bounds[1] < 0:
        return gettext("%(name)s has clearly higher agreement.") % {"name": second}
    return gettext("No clear difference.")
