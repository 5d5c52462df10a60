"""An annotator in plain words: outlying figures, or that there are none, or too little data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from analytics.limits import FEWEST_ITEMS, GOLD_CERTAINTY
from analytics.raters.gold import GoldAccuracy
from analytics.raters.speed import TOLERATED
from annotation_app.selectors.raters.panel import ALPHA, RaterRow, rater_funnel
from annotation_app.selectors.raters.records import SpeedRecord
from annotation_app.web.agreement.chart_raters import signal_words
from annotation_app.web.agreement.words import number, percent


@dataclass(frozen=True)
class Evidence:
    """What the words rest on.

    Attributes:
        names: of the dimensions.
        rows: every annotator on each dimension.
        study: the study's dimensions; empty without one.
        speed: of the annotator.
        gold: of the annotator.
    """

    names: Mapping[str, str]
    rows: Mapping[str, Sequence[RaterRow]]
    study: Mapping[str, Any]
    speed: SpeedRecord
    gold: GoldAccuracy | None


def in_words(user: int, evidence: Evidence) -> str:
    """One or a few sentences on an annotator."""
    apart = [*_apart(user, evidence)]
    careless = [*_careless(user, evidence)]
    return " ".join([*(apart or [_usual(user, evidence)]), *careless])


def own_row(user: int, rows: Sequence[RaterRow]) -> RaterRow | None:
    """The annotator's row among all; None without ratings."""
    return next((row for row in rows if row.user.pk == user), None)


def _apart(user: int, evidence: Evidence) -> Iterator[str]:
    for key, rows in evidence.rows.items():
        row = own_row(user, rows)
        if row is not None and row.signals:
            yield f"{evidence.names[key]}: {signal_words(row.signals)}"


def _usual(user: int, evidence: Evidence) -> str:
    found = {key: own_row(user, rows) for key, rows in evidence.rows.items()}
    shared = max((row.line.n_items for row in found.values() if row is not None), default=0)
    if shared < FEWEST_ITEMS:
        return ngettext(
            "Too soon to say: %(n)s item is shared with others; five are needed.",
            "Too soon to say: %(n)s items are shared with others; five are needed.",
            shared,
        ) % {"n": shared}
    medians = {
        key: made.centre for key, rows in evidence.rows.items() if (made := rater_funnel(rows))
    }
    compared = [_beside(evidence.names[key], found[key], medians[key]) for key in medians]
    if not any(compared):
        return _("No one can stand out yet: that takes five annotators with intervals.")
    return _(
        "Does not differ from the others by more than chance, on %(n)s shared items: %(figures)s."
    ) % {
        "n": f"{shared:,}",
        "figures": "; ".join(one for one in compared if one),
    }


def _beside(name: str, row: RaterRow | None, median: float) -> str:
    """The annotator's α next to the median of all; empty without one."""
    value = None if row is None else row.line.against[ALPHA].estimate.value
    if value is None:
        return ""
    return _("%(dimension)s α %(alpha)s, median %(median)s") % {
        "dimension": name,
        "alpha": number(value, 2),
        "median": number(median, 2),
    }


def _careless(user: int, evidence: Evidence) -> Iterator[str]:
    for key, found in evidence.study.items():
        drift = found.get("drift", {}).get(str(user), {})
        if drift.get("since"):
            yield drift_words(evidence.names.get(key, key), drift)
        flat = found.get("flat", {}).get(str(user), {})
        if flat and flat["others"] is not None and (flat["low"] or 0.0) > flat["others"]:
            yield _(
                "%(dimension)s: gives all candidates of an item the same level more often "
                "than the others."
            ) % {"dimension": evidence.names.get(key, key)}
    fast = evidence.speed.fast
    if fast.n and fast.low > TOLERATED:
        yield _("%(share)s of their answers are too fast for anyone to have looked.") % {
            "share": percent(fast.value)
        }
    if evidence.gold is not None and evidence.gold.probability_below > GOLD_CERTAINTY:
        yield _("They clearly miss too many hidden gold items.")


def drift_words(dimension: str, drift: Mapping[str, Any]) -> str:
    """Since when and which way their scores moved."""
    day = date_format(datetime.fromisoformat(drift["since"]), "DATE_FORMAT")
    words = (
        _("%(dimension)s: since %(day)s their scores have risen relative to the others.")
        if drift["rising"]
        else _("%(dimension)s: since %(day)s their scores have fallen relative to the others.")
    )
    return words % {"dimension": dimension, "day": day}
