"""A table as pages and PDF show it, and the words and numbers in its cells."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from analytics.limits import FEWEST_ITEMS
from analytics.overall import OVERALL
from annotation_app.models import AgreementReport

NOTHING = "–"
REASONS: Mapping[str, str | Promise] = {
    "no_overlap": _("No candidate has two ratings yet."),
    "no_variation": _("All ratings are equal: agreement is not defined."),
    "few_items": _("Fewer than five overlapping items: no interval."),
    "few_raters": _("Fewer than three annotators: their spread cannot be estimated."),
    "no_disagreement": _("Perfect agreement: the data contain no information on the spread."),
    "no_agreement": _("No two ratings agree: the data contain no information on the spread."),
    "not_connected": _("Without one annotator there is no overlap or no variation left."),
}


@dataclass(frozen=True)
class Column:
    """A column's heading."""

    label: str
    is_number: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell's text; `is_quiet` where it says why there is no number."""

    text: str
    is_number: bool = False
    is_quiet: bool = False


@dataclass(frozen=True)
class Row:
    """A row: what it is about, then its cells."""

    head: str
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Table:
    """A titled table; the first column heads the rows."""

    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Row]


def number(value: float | None, *, digits: int = 3) -> Cell:
    """A number, or a dash."""
    if value is None:
        return Cell(NOTHING, is_number=True, is_quiet=True)
    return Cell(f"{value:.{digits}f}", is_number=True)


def count(value: object) -> Cell:
    """A whole number with thousands apart."""
    return Cell(f"{value:,}" if isinstance(value, int) else NOTHING, is_number=True)


def bounds(interval: Sequence[float] | None, reason: str | None) -> Cell:
    """An interval, or why there is none."""
    if interval is None:
        return Cell(reason_text(reason), is_quiet=True)
    return Cell(f"{interval[0]:.3f} – {interval[1]:.3f}")


def reason_text(reason: str | None) -> str:
    """Why something is undefined, in words."""
    return str(REASONS.get(reason or "", reason or NOTHING))


def item_interval(figures: Mapping[str, Any]) -> Cell:
    """The interval for these annotators and new items."""
    return bounds(figures.get("interval_95"), _why(figures, "interval_95"))


def annotator_interval(figures: Mapping[str, Any]) -> Cell:
    """The interval for new annotators too."""
    return bounds(figures.get("interval_95_annotators"), _why(figures, "interval_95_annotators"))


def is_small(figures: Mapping[str, Any]) -> bool:
    """Whether too few items overlap for a number to be shown."""
    return int(figures.get("n_items", 0)) < FEWEST_ITEMS


def _why(figures: Mapping[str, Any], key: str) -> str | None:
    reasons = figures.get("reasons", {})
    found = reasons.get(key) or figures.get("reason")
    return None if found is None else str(found)


def dimension_names(report: AgreementReport, language: str) -> dict[str, str]:
    """What the frozen guideline calls each dimension, the overall last; keys in old reports."""
    dimensions = report.facts.get("rubric", {}).get("dimensions", [])
    names = {
        one["key"]: one["names"].get(language)
        or one["names"].get("en")
        or next(iter(one["names"].values()), one["key"])
        for one in dimensions
    }
    pooled = report.figures.get("pooled", {})
    return {
        key: str(_("Overall")) if key == OVERALL else names.get(key, key.upper())
        for key in [*names, *(key for key in pooled if key not in names)]
    }
