"""A manifest's counts as tables whose rows visibly add up."""

from dataclasses import dataclass, fields
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from analytics.pairs.counts import PairCounts
from annotation_app.enums import Split

COUNTS = tuple(field.name for field in fields(PairCounts))
KINDS = ("strict", "disentangled", "identical", "incomparable")
TITLES = {
    "by_split": gettext_lazy("By split"),
    "by_source": gettext_lazy("By source"),
    "by_generator_pair": gettext_lazy("By generator pair"),
}


@dataclass(frozen=True)
class CountRow:
    """One line: its name, its counts, and whether the kinds add up to all pairs."""

    name: str
    counts: dict[str, int]
    adds_up: bool


@dataclass(frozen=True)
class CountTable:
    """A title, the lines, and whether each line and their sum reconcile with the total."""

    title: str
    rows: list[CountRow]
    reconciles: bool


def count_tables(pairs: dict[str, Any]) -> list[CountTable]:
    """The tables of a manifest's `pairs`."""
    total = pairs.get("total", {})
    return [
        _table(str(title), pairs[name], total) for name, title in TITLES.items() if pairs.get(name)
    ]


def _table(title: str, groups: dict[str, dict[str, int]], total: dict[str, int]) -> CountTable:
    splits = dict(Split.choices)
    rows = [
        CountRow(str(splits.get(name, name)) or _("not stated"), counts, _adds_up(counts))
        for name, counts in sorted(groups.items())
    ]
    whole = all(sum(row.counts.get(kind, 0) for row in rows) == n for kind, n in total.items())
    return CountTable(title, rows, whole and all(row.adds_up for row in rows))


def _adds_up(counts: dict[str, int]) -> bool:
    return sum(counts.get(kind, 0) for kind in KINDS) == counts.get("possible")
