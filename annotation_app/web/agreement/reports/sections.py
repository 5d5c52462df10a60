"""The tables of a report, from what was frozen; pages and PDF show the same."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from analytics.foreign.strata import POOLED
from annotation_app.enums import Facet
from annotation_app.models import AgreementReport
from annotation_app.web.agreement.reports.tables import (
    NOTHING,
    Cell,
    Column,
    Row,
    Table,
    annotator_interval,
    bounds,
    count,
    dimension_names,
    is_small,
    item_interval,
    number,
    reason_text,
)

COEFFICIENTS = {
    "krippendorff_alpha_ordinal": "Krippendorff α (ordinal)",
    "krippendorff_alpha_nominal": "Krippendorff α (nominal)",
    "krippendorff_alpha_interval": "Krippendorff α (interval)",
    "fleiss_kappa": "Fleiss κ",
    "gwet_ac1": "Gwet AC1",
    "gwet_ac2": "Gwet AC2",
    "brennan_prediger": "Brennan–Prediger",
    "exact_agreement": "exact agreement",
    "within_one_agreement": "agreement ±1",
}
Figures = Mapping[str, Any]


def report_tables(report: AgreementReport, language: str) -> list[Table]:
    """Every table of a report, in its order."""
    names = dimension_names(report, language)
    pooled = report.figures.get(POOLED, {})
    if not pooled:
        return []
    tables = [_headline(report, names, pooled), _paper(report, names, pooled)]
    tables.append(_coefficients(names, pooled))
    if report.facts.get("differences"):
        tables.append(_differences(report, names))
    return [*tables, *_strata(report, names)]


def _headline(report: AgreementReport, names: dict[str, str], pooled: Figures) -> Table:
    drawn = report.facts.get("bootstrap", {}).get("krippendorff_alpha_ordinal", {})
    rows = []
    for key, name in names.items():
        figures = pooled[key]
        again = drawn.get(key, {})
        rows.append(
            Row(
                name,
                [
                    number(figures["krippendorff_alpha_ordinal"]),
                    item_interval(figures),
                    annotator_interval(figures),
                    bounds(again.get("interval_95"), again.get("reason")),
                    count(figures["n_pairable"]),
                    count(figures["n_items"]),
                    count(figures["n_raters"]),
                    count(figures["n_ratings"]),
                ],
            )
        )
    return Table(
        _("Agreement by dimension"),
        _("Krippendorff's ordinal α over slots of random design, with 95 % intervals."),
        [
            Column(_("Dimension")),
            Column("α", is_number=True),
            Column(_("these annotators, new items")),
            Column(_("new annotators too")),
            Column(_("bootstrap of items")),
            Column(_("Overlap n"), is_number=True),
            Column(_("Items"), is_number=True),
            Column(_("Annotators"), is_number=True),
            Column(_("Ratings"), is_number=True),
        ],
        rows,
    )


def _paper(report: AgreementReport, names: dict[str, str], pooled: Figures) -> Table:
    """Fleiss' κ and Krippendorff's α by source dataset, as Table 9 of the EditReward paper."""
    strata = dict(sorted(report.strata.get(Facet.SOURCE.value, {}).items()))
    if set(strata) == {NOTHING}:
        strata = {}
    rows = [Row(name, _paper_cells(names, figures)) for name, figures in strata.items()]
    rows.append(Row(_("All data"), _paper_cells(names, pooled)))
    columns = [Column(_("Dataset"))]
    columns += [Column(f"Fleiss κ ({name})", is_number=True) for name in names.values()]
    columns += [Column(f"Krippendorff α ({name})", is_number=True) for name in names.values()]
    columns.append(Column(_("Items"), is_number=True))
    return Table(
        _("κ and α by source dataset"),
        _("Same layout as Table 9 of the EditReward paper. A dash: fewer than five items overlap."),
        columns,
        rows,
    )


def _paper_cells(names: dict[str, str], figures: Figures) -> list[Cell]:
    cells = [
        number(None if is_small(figures[key]) else figures[key][coefficient], digits=4)
        for coefficient in ("fleiss_kappa", "krippendorff_alpha_ordinal")
        for key in names
    ]
    return [*cells, count(max(figures[key]["n_items"] for key in names))]


def _coefficients(names: dict[str, str], pooled: Figures) -> Table:
    return Table(
        _("Every coefficient"),
        _("95 % intervals for these annotators and new items in brackets."),
        [Column(_("Coefficient")), *(Column(name) for name in names.values())],
        [
            Row(label, [_coefficient(pooled[key], coefficient) for key in names])
            for coefficient, label in COEFFICIENTS.items()
        ],
    )


def _coefficient(figures: Figures, coefficient: str) -> Cell:
    value = figures.get(coefficient)
    if value is None:
        reason = figures.get("reasons", {}).get(coefficient) or figures.get("reason")
        return Cell(reason_text(reason), is_quiet=True)
    interval = figures.get("intervals_95", {}).get(coefficient)
    if interval is None:
        return Cell(f"{value:.3f}")
    return Cell(f"{value:.3f} [{interval[0]:.3f}, {interval[1]:.3f}]")


def _differences(report: AgreementReport, names: dict[str, str]) -> Table:
    rows = [
        Row(
            f"{names[one['first']]} − {names[one['second']]}",
            [
                number(one["krippendorff_alpha_ordinal"]),
                bounds(one["interval_95"], one["reason"]),
                bounds(one["bootstrap"]["interval_95"], one["bootstrap"]["reason"]),
                count(one["n_shared_items"]),
            ],
        )
        for one in report.facts["differences"]
    ]
    return Table(
        _("Differences between dimensions"),
        _(
            "Paired by item. If an interval does not contain zero, one dimension is harder "
            "to agree on."
        ),
        [
            Column(_("Difference of α")),
            Column(_("Value"), is_number=True),
            Column(_("95 % interval")),
            Column(_("bootstrap of items")),
            Column(_("Shared items"), is_number=True),
        ],
        rows,
    )


def _strata(report: AgreementReport, names: dict[str, str]) -> Iterator[Table]:
    for kind, strata in report.strata.items():
        if strata and set(strata) != {NOTHING}:
            title = _("By %(kind)s") % {"kind": str(Facet(kind).label).lower()}
            yield Table(title, _strata_note(kind), _strata_columns(kind), _rows(strata, names))


def _rows(strata: Mapping[str, Figures], names: dict[str, str]) -> list[Row]:
    return [
        Row(stratum, [Cell(names[key]), *_stratum_cells(figures[key])])
        for stratum, figures in sorted(strata.items())
        for key in names
        if key in figures
    ]


def _stratum_cells(figures: Figures) -> list[Cell]:
    counts = [count(figures["n_pairable"]), count(figures["n_items"])]
    if is_small(figures):
        few = Cell(_("Fewer than five overlapping items"), is_quiet=True)
        nothing = number(None)
        return [nothing, few, Cell(NOTHING, is_quiet=True), nothing, *counts]
    return [
        number(figures["krippendorff_alpha_ordinal"]),
        item_interval(figures),
        annotator_interval(figures),
        number(figures["fleiss_kappa"]),
        *counts,
    ]


def _strata_columns(kind: str) -> list[Column]:
    return [
        Column(str(Facet(kind).label)),
        Column(_("Dimension")),
        Column("α", is_number=True),
        Column(_("these annotators, new items")),
        Column(_("new annotators too")),
        Column("Fleiss κ", is_number=True),
        Column(_("Overlap n"), is_number=True),
        Column(_("Items"), is_number=True),
    ]


def _strata_note(kind: str) -> str:
    if kind == Facet.GUIDELINE:
        return _("Only ratings that followed the same version are compared.")
    if kind == Facet.GENERATOR:
        return _("Items are split by generator; intervals still delete whole items.")
    return _("Krippendorff's ordinal α, with 95 % intervals.")
