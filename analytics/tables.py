"""RatingTable: one dimension's ratings in long form, validated once; every statistic reads one."""

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analytics.scales import Scale
from analytics.validation import Indices, check_lengths, check_range, check_unique

Value: TypeAlias = float | int | None

# A validation message names this many offending rows at most.
SHOWN_ROWS = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class RatingTable:
    """Ratings of N (unit, rater) pairs on one scale.

    A *unit* is what one rater judges once on this dimension (a candidate); an *item* is the
    cluster that units come in (the candidates of one item). Missing ratings are simply absent.

    Attributes:
        unit: (N,) index of the rated unit, 0 … U - 1.
        rater: (N,) index of the rater, 0 … R - 1.
        level: (N,) index of the chosen level, 0 … V - 1.
        unit_item: (U,) index of the item that each unit belongs to, 0 … G - 1.
        scale: the declared levels.
        unit_labels: name of each unit.
        rater_labels: name of each rater.
        item_labels: name of each item.

    Raises:
        ValueError: an index out of range, unequal lengths, or one rater twice on one unit.
    """

    unit: Indices
    rater: Indices
    level: Indices
    unit_item: Indices
    scale: Scale
    unit_labels: Sequence[Hashable]
    rater_labels: Sequence[Hashable]
    item_labels: Sequence[Hashable]

    def __post_init__(self) -> None:
        check_lengths(unit=self.unit, rater=self.rater, level=self.level)
        check_range("unit", self.unit, self.n_units)
        check_range("rater", self.rater, self.n_raters)
        check_range("level", self.level, len(self.scale))
        check_range("unit_item", self.unit_item, self.n_items)
        if len(self.unit_item) != self.n_units:
            raise ValueError(f"unit_item: {len(self.unit_item)} entries for {self.n_units} units")
        check_unique(self.unit, self.rater, self.n_raters)
        for array in (self.unit, self.rater, self.level, self.unit_item):
            array.setflags(write=False)

    @property
    def n_ratings(self) -> int:
        return len(self.unit)

    @property
    def n_units(self) -> int:
        return len(self.unit_labels)

    @property
    def n_raters(self) -> int:
        return len(self.rater_labels)

    @property
    def n_items(self) -> int:
        return len(self.item_labels)

    @property
    def item(self) -> Indices:
        """(N,) item index of each rating."""
        return self.unit_item[self.unit]

    @property
    def values(self) -> NDArray[np.float64]:
        """(N,) numeric value of each rating."""
        return np.asarray(self.scale.values)[self.level]

    def keep(self, ratings: NDArray[np.bool_]) -> "RatingTable":
        """Return the table with only the ratings of a (N,) mask; units, items and raters stay."""
        return replace(
            self, unit=self.unit[ratings], rater=self.rater[ratings], level=self.level[ratings]
        )

    @classmethod
    def from_indices(
        cls,
        *,
        unit: Sequence[int] | NDArray[np.integer],
        rater: Sequence[int] | NDArray[np.integer],
        level: Sequence[int] | NDArray[np.integer],
        scale: Scale,
        unit_item: Sequence[int] | NDArray[np.integer] | None = None,
    ) -> Self:
        """Build from indices that are already 0 … n - 1, the fast way for large data.

        Without `unit_item` every unit is its own item.
        """
        units, raters = _owned(unit), _owned(rater)
        n_units = int(units.max(initial=-1)) + 1
        items = np.arange(n_units) if unit_item is None else _owned(unit_item)
        return cls(
            unit=units,
            rater=raters,
            level=_owned(level),
            unit_item=items,
            scale=scale,
            unit_labels=range(len(items)),
            rater_labels=range(int(raters.max(initial=-1)) + 1),
            item_labels=range(int(items.max(initial=-1)) + 1),
        )

    @classmethod
    def from_ids(
        cls,
        *,
        unit: NDArray[np.integer],
        rater: NDArray[np.integer],
        level: NDArray[np.integer],
        item: NDArray[np.integer],
        scale: Scale,
    ) -> Self:
        """Build from (N,) arrays of database ids and level indices; labels are the sorted ids.

        Raises:
            ValueError: as in `from_long`.
        """
        check_lengths(
            unit=_owned(unit), rater=_owned(rater), level=_owned(level), item=_owned(item)
        )
        unit_ids, units = np.unique(unit, return_inverse=True)
        rater_ids, raters = np.unique(rater, return_inverse=True)
        item_ids, items = np.unique(item, return_inverse=True)
        return cls(
            unit=_owned(units),
            rater=_owned(raters),
            level=_owned(level),
            unit_item=_item_of_unit(units, items, len(unit_ids)),
            scale=scale,
            unit_labels=unit_ids.tolist(),
            rater_labels=rater_ids.tolist(),
            item_labels=item_ids.tolist(),
        )

    @classmethod
    def from_long(
        cls,
        *,
        units: Iterable[Hashable],
        raters: Iterable[Hashable],
        values: Iterable[Value],
        scale: Scale,
        items: Iterable[Hashable] | None = None,
    ) -> Self:
        """Build from one row per rating; a value of None or NaN is a missing rating.

        A unit whose every value is missing is kept as an unrated unit. Labels are kept in
        order of first appearance. Without `items` every unit is its own item.

        Raises:
            ValueError: unequal lengths, a value outside the scale, a unit under two items, or
                a rater twice on one unit; the message names the row and the field.
        """
        unit_names, rater_names, scores = list(units), list(raters), list(values)
        item_names = unit_names if items is None else list(items)
        check_lengths(units=unit_names, raters=rater_names, values=scores, items=item_names)
        levels = _levels(scores, scale)
        rated = levels >= 0
        unit, unit_labels = factorise(unit_names)
        rater, rater_labels = factorise(rater_names)
        item, item_labels = factorise(item_names)
        return cls(
            unit=unit[rated],
            rater=rater[rated],
            level=levels[rated],
            unit_item=_item_of_unit(unit, item, len(unit_labels)),
            scale=scale,
            unit_labels=unit_labels,
            rater_labels=rater_labels,
            item_labels=item_labels,
        )

    @classmethod
    def from_unit_rows(cls, rows: Sequence[Sequence[Value]], scale: Scale) -> Self:
        """Build from a units × raters matrix with None or NaN where a rating is missing.

        >>> RatingTable.from_unit_rows([[1, 1], [2, None]], Scale.of([1, 2])).n_ratings
        3
        """
        widths = {len(row) for row in rows}
        if len(widths) > 1:
            raise ValueError(f"matrix rows have different lengths: {sorted(widths)}")
        width = widths.pop() if widths else 0
        return cls.from_long(
            units=[index for index in range(len(rows)) for _ in range(width)],
            raters=[index for _ in rows for index in range(width)],
            values=[value for row in rows for value in row],
            scale=scale,
        )

    @classmethod
    def from_rater_rows(cls, rows: Sequence[Sequence[Value]], scale: Scale) -> Self:
        """Build from a raters × units matrix with None or NaN where a rating is missing."""
        if len({len(row) for row in rows}) > 1:
            raise ValueError("matrix rows have different lengths")
        return cls.from_unit_rows(list(zip(*rows, strict=True)), scale)

    @classmethod
    def from_counts(cls, counts: Sequence[Sequence[int]], scale: Scale) -> Self:
        """Build from a units × levels count matrix; raters are the places 0 … m - 1 of a unit.

        Coefficients that do not ask who rated are right; per-rater statistics are meaningless.
        """
        matrix = np.asarray(counts, dtype=np.int64)
        expected = (len(counts), len(scale))
        if matrix.shape != expected or (matrix < 0).any():
            raise ValueError(f"counts must be non-negative with shape {expected}")
        unit, level = np.nonzero(matrix)
        repeats = matrix[unit, level]
        per_unit = matrix.sum(axis=1)
        starts = np.repeat(np.cumsum(per_unit) - per_unit, per_unit)
        return cls.from_indices(
            unit=np.repeat(unit, repeats),
            rater=np.arange(int(per_unit.sum())) - starts,
            level=np.repeat(level, repeats),
            scale=scale,
            unit_item=np.arange(len(matrix)),
        )


def factorise(names: Sequence[Hashable]) -> tuple[Indices, tuple[Hashable, ...]]:
    """Return (N,) codes and the distinct names in order of first appearance."""
    codes: dict[Hashable, int] = {}
    indices = [codes.setdefault(name, len(codes)) for name in names]
    return np.asarray(indices, dtype=np.int64), tuple(codes)


def _owned(array: Sequence[int] | NDArray[np.integer]) -> Indices:
    """Copy, so that freezing the table never freezes the caller's array."""
    return np.array(array, dtype=np.int64)


def _levels(values: Sequence[Value], scale: Scale) -> Indices:
    """(N,) level index of each value, -1 where it is missing."""
    codes: dict[Value, int] = {value: index for index, value in enumerate(scale.values)}
    codes[None] = -1
    wrong = [
        f"row {row}: {value!r}"
        for row, value in enumerate(values)
        if value not in codes and not _is_nan(value)
    ]
    if wrong:
        shown = "; ".join(wrong[:SHOWN_ROWS])
        raise ValueError(f"values: {len(wrong)} outside the levels {scale.values}: {shown}")
    return np.asarray([codes.get(value, -1) for value in values], dtype=np.int64)


def _is_nan(value: Value) -> bool:
    return isinstance(value, float) and math.isnan(value)


def _item_of_unit(unit: Indices, item: Indices, n_units: int) -> Indices:
    found = np.zeros(n_units, dtype=np.int64)
    found[unit] = item
    clash = np.flatnonzero(found[unit] != item)
    if clash.size:
        raise ValueError(f"items: row {clash[0]} puts its unit under a second item")
    return found
