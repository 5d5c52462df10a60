"""Two frozen reports side by side: figures and what differs in how they were made."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from analytics.foreign.strata import POOLED
from annotation_app.enums import Facet
from annotation_app.models import AgreementReport
from annotation_app.web.agreement.reports.facts import Fact, report_facts
from annotation_app.web.agreement.reports.tables import (
    NOTHING,
    Cell,
    Column,
    Row,
    Table,
    count,
    dimension_names,
    is_small,
    item_interval,
    number,
)

Figures = Mapping[str, Any]


def comparison_tables(old: AgreementReport, new: AgreementReport, language: str) -> list[Table]:
    """The headline figures of both, pooled and of every stratum that either has."""
    names = dimension_names(old, language) | dimension_names(new, language)
    rows = list(_rows([("", old.figures.get(POOLED, {}), new.figures.get(POOLED, {}))], names))
    tables = [Table(_("Agreement by dimension"), _note(), _columns(_("Dimension")), rows)]
    for kind in Facet.values:
        before, after = old.strata.get(kind, {}), new.strata.get(kind, {})
        strata = sorted({*before, *after})
        if strata and strata != [NOTHING]:
            found = [(one, before.get(one, {}), after.get(one, {})) for one in strata]
            label = str(Facet(kind).label)
            title = _("By %(kind)s") % {"kind": label.lower()}
            tables.append(Table(title, "", _columns(label), list(_rows(found, names))))
    return tables


def differing_facts(
    old: AgreementReport, new: AgreementReport, language: str
) -> list[tuple[str, str, str]]:
    """What is not the same about the two: label, the older's and the newer's text."""
    sides = [
        {one.label: one for one in report_facts(report, dimension_names(report, language))}
        for report in (old, new)
    ]
    empty = Fact("", NOTHING)
    labels = [*sides[0], *(label for label in sides[1] if label not in sides[0])]
    return [
        (label, before.text, after.text)
        for label in labels
        if (before := sides[0].get(label, empty)).text != (after := sides[1].get(label, empty)).text
    ]


def _note() -> str:
    return _(
        "The difference is between the printed values. It has no interval: the two "
        "reports may share ratings."
    )


def _columns(first: str) -> list[Column]:
    return [
        Column(first),
        Column(_("α, older"), is_number=True),
        Column(_("95 % interval")),
        Column(_("α, newer"), is_number=True),
        Column(_("95 % interval")),
        Column(_("Difference"), is_number=True),
        Column(_("Items, older"), is_number=True),
        Column(_("Items, newer"), is_number=True),
    ]


def _rows(strata: list[tuple[str, Figures, Figures]], names: Mapping[str, str]) -> Iterator[Row]:
    for stratum, before, after in strata:
        for key, name in names.items():
            if key in before or key in after:
                head = f"{stratum} · {name}" if stratum else name
                yield Row(head, _cells(before.get(key, {}), after.get(key, {})))


def _cells(before: Figures, after: Figures) -> list[Cell]:
    values = [_value(figures) for figures in (before, after)]
    difference = number(None)
    if values[0] is not None and values[1] is not None:
        difference = Cell(f"{values[1] - values[0]:+.3f}", is_number=True)
    return [
        number(values[0]),
        _interval(before),
        number(values[1]),
        _interval(after),
        difference,
        count(before.get("n_items")),
        count(after.get("n_items")),
    ]


def _value(figures: Figures) -> float | None:
    if is_small(figures):
        return None
    value = figures["krippendorff_alpha_ordinal"]
    return None if value is None else float(value)


def _interval(figures: Figures) -> Cell:
    if not figures:
        return Cell(_("not in this report"), is_quiet=True)
    if is_small(figures):
        return Cell(_("Fewer than five overlapping items"), is_quiet=True)
    return item_interval(figures)
