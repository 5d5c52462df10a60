"""The rows of an annotator's panel: each figure with interval, shrunken value, n and meaning."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.estimates import Reason
from analytics.raters.gold import GoldAccuracy
from analytics.raters.panel import RaterLine
from analytics.raters.rater_figures import Figure
from analytics.raters.repeats import SelfConsistency
from analytics.raters.rest_of_raters import VersusStatistic
from annotation_app.selectors.raters.records import SpeedRecord
from annotation_app.web.agreement.words import NOTHING, number, percent, reason_text, span

FEW = 5
Facts = Mapping[str, Any]
LABELS: Mapping[VersusStatistic, tuple[str | Promise, str | Promise]] = {
    VersusStatistic.ALPHA: (
        gettext_lazy("α against the rest"),
        gettext_lazy("Krippendorff's ordinal α over the pairs with this annotator."),
    ),
    VersusStatistic.CONSENSUS_KAPPA: (
        gettext_lazy("κ against the others' mean"),
        gettext_lazy("Quadratic weights."),
    ),
    VersusStatistic.REST_CORRELATION: (
        gettext_lazy("Correlation with the others"),
        gettext_lazy("Low: good and bad edits are distinguished less well."),
    ),
    VersusStatistic.SEVERITY: (
        gettext_lazy("Severity, levels"),
        gettext_lazy("The mean of the others minus their own: above zero is stricter."),
    ),
    VersusStatistic.EXACT: (gettext_lazy("Same level as another rater"), ""),
}


@dataclass(frozen=True)
class FigureRow:
    """One figure; every text is ready to show."""

    label: str
    value: str
    interval: str
    shrunken: str
    n: str
    note: str
    is_few: bool = False


def dimension_rows(line: RaterLine | None, study: Facts, user: int) -> list[FigureRow]:
    """All figures of an annotator on one dimension.

    Args:
        line: figures against the others; None without ratings.
        study: the study's facts of the dimension; empty without a study.
        user: the annotator.
    """
    rows = []
    if line is not None:
        rows = [*_versus_rows(line), _without_row(line.leave_one_out)]
    return [*rows, *_study_rows(study, str(user))]


def _versus_rows(line: RaterLine) -> Iterator[FigureRow]:
    for statistic, (label, note) in LABELS.items():
        figure = line.against[statistic]
        sign = statistic is VersusStatistic.SEVERITY
        value = figure.estimate.value
        yield FigureRow(
            str(label),
            _or_reason(value, figure.estimate.reason, sign=sign),
            span(figure.interval, sign=sign) if value is not None else NOTHING,
            number(line.shrunken.get(statistic), sign=sign),
            _items(figure.n_items),
            str(note),
            is_few=figure.n_items < FEW,
        )


def _without_row(figure: Figure) -> FigureRow:
    value = figure.estimate.value
    return FigureRow(
        _("Change in α without them"),
        _or_reason(value, figure.estimate.reason, sign=True),
        span(figure.interval, sign=True) if value is not None else NOTHING,
        NOTHING,
        _items(figure.n_items),
        _("Above zero: the campaign agrees better without this annotator."),
        is_few=figure.n_items < FEW,
    )


def _study_rows(study: Facts, user: str) -> Iterator[FigureRow]:
    facets = study.get("facets", {}).get(user)
    if facets:
        yield stored_row(
            _("Severity, facet model"),
            facets["severity"],
            _("In standard deviations of quality; above zero is stricter."),
            sign=True,
        )
        note = _("How sharply quality decides their levels; zero: they ignore it.")
        if facets["discrimination"].get("aside"):
            note = _("Excluded from the fit: their levels do not follow quality.")
        yield stored_row(_("Discrimination, facet model"), facets["discrimination"], note)
    flat = study.get("flat", {}).get(user)
    if flat:
        others = percent(flat["others"])
        note = _("Items with one level for all candidates; the others: %(share)s.")
        yield share_row(_("Straight-lining"), flat, note % {"share": others}, _("%(n)s items"))


def stored_row(label: str, facts: Facts, note: str, *, sign: bool = False) -> FigureRow:
    """A figure that a study keeps."""
    reason = Reason(facts["reason"]) if facts["reason"] else None
    interval = reason_text(reason) if reason else NOTHING
    if facts["low"] is not None:
        interval = _range(facts["low"], facts["high"], sign=sign)
    return FigureRow(
        label,
        _or_reason(facts["value"], reason, sign=sign),
        interval,
        number(facts.get("shrunken"), sign=sign),
        _items(facts["n"]),
        note,
        is_few=facts["n"] < FEW,
    )


def share_row(label: str, facts: Facts, note: str, unit: str) -> FigureRow:
    """A share with its exact interval; `unit` names what was counted, with %(n)s."""
    few = facts["n"] < FEW
    counted = unit % {"n": f"{facts['n']:,}"}
    if facts["value"] is None:
        return FigureRow(label, _("No counted ratings yet."), NOTHING, NOTHING, counted, note, few)
    interval = _("%(low)s to %(high)s") % {
        "low": percent(facts["low"]),
        "high": percent(facts["high"]),
    }
    return FigureRow(label, percent(facts["value"]), interval, NOTHING, counted, note, few)


def speed_row(record: SpeedRecord) -> FigureRow:
    """Answers faster than anyone could look."""
    note = _("Under %(floor)s s, a tenth of the campaign's median. Their own median: %(own)s s.")
    found = record.fast
    return share_row(
        _("Too fast"),
        {"value": found.value, "low": found.low, "high": found.high, "n": found.n},
        note
        % {
            "floor": number(record.floor, 1),
            "own": NOTHING if record.median is None else number(record.median, 1),
        },
        _("%(n)s answers"),
    )


def gold_row(found: GoldAccuracy | None) -> FigureRow:
    """Hidden gold: the share passed, and the posterior pulled to the pool's."""
    label, unit = _("Hidden gold passed"), _("%(n)s answers")
    if found is None:
        empty = {"value": None, "low": None, "high": None, "n": 0}
        return share_row(label, empty, "", unit)
    note = _("Probability that their accuracy is below 80 %%: %(share)s.") % {
        "share": percent(found.probability_below)
    }
    row = share_row(
        label,
        {"value": found.passes / found.n, "low": found.low, "high": found.high, "n": found.n},
        note,
        unit,
    )
    return FigureRow(
        row.label, row.value, row.interval, percent(found.mean), row.n, row.note, row.is_few
    )


def repeat_row(name: str, found: SelfConsistency | None) -> FigureRow:
    """An annotator's hidden repeats on one dimension."""
    label = _("Same as before: %(dimension)s") % {"dimension": name}
    if found is None:
        empty = {"value": None, "low": None, "high": None, "n": 0}
        return share_row(label, empty, "", _("%(n)s scores"))
    kappa = found.kappa.estimate
    note = _("κ %(kappa)s; second minus first: %(shift)s levels.") % {
        "kappa": _or_reason(kappa.value, kappa.reason),
        "shift": number(found.mean_shift, 2, sign=True),
    }
    exact = found.exact
    return share_row(
        label,
        {"value": exact.value, "low": exact.low, "high": exact.high, "n": exact.n},
        note,
        _("%(n)s scores"),
    )


def _or_reason(value: float | None, reason: Reason | None, *, sign: bool = False) -> str:
    return reason_text(reason) if value is None else number(value, sign=sign)


def _range(low: float, high: float, *, sign: bool) -> str:
    return _("%(low)s to %(high)s") % {
        "low": number(low, sign=sign),
        "high": number(high, sign=sign),
    }


def _items(n: int) -> str:
    return _("%(n)s items") % {"n": f"{n:,}"}
