"""The two forms of tables of items: one row an item, or one row a candidate (the long form)."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from analytics.tabular.names import normal_name
from analytics.tabular.rows import RowProblem, TableRow

ITEM_ID, CANDIDATE_ID, CANDIDATES = "item_id", "candidate_id", "candidates"
ITEM_COLUMNS = frozenset(
    {
        *(ITEM_ID, "instruction", "source_image", CANDIDATES),
        *("instruction_language", "category", "source_dataset", "licence"),
    }
)
INCONSISTENT = "inconsistent_rows"


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item as described in its table.

    Attributes:
        row: its values; in the long form the first row's own of `ITEM_COLUMNS`, with the other
            columns of all its rows as `candidates`.
        parts: in the long form the rows of its candidates in order, else empty.
    """

    row: TableRow
    parts: tuple[TableRow, ...] = ()

    def row_of(self, place: int) -> TableRow:
        """The row that describes the candidate at a place from 0."""
        return self.parts[place] if self.parts else self.row


def gather_items(
    rows: Iterable[TableRow | RowProblem], apart: Collection[str] = ()
) -> Iterator[ItemRow | RowProblem]:
    """Return one row per item, whichever form the table has.

    It is in long form if its first readable row has `candidate_id` and no `candidates`. Rows of one
    item are adjacent then, so that the table can be streamed; those that are not come as two items
    of one id. An item next to a row that cannot be read may be incomplete and is reported, unless
    that row still names another item.

    Args:
        rows: of one table, or of several that belong together, in order.
        apart: ids of items with rows that are not adjacent, as `apart_items` finds them; they are
            left out.
    """
    stream = iter(rows)
    head: list[TableRow | RowProblem] = []
    for row in stream:
        head.append(row)
        if isinstance(row, TableRow):
            break
    every = chain(head, stream)
    if head and isinstance(head[-1], TableRow) and _is_long(head[-1]):
        yield from _gather(every, apart)
        return
    for row in every:
        yield ItemRow(row) if isinstance(row, TableRow) else row


def _is_long(row: TableRow) -> bool:
    return CANDIDATE_ID in row.values and CANDIDATES not in row.values


def _gather(
    rows: Iterable[TableRow | RowProblem], apart: Collection[str]
) -> Iterator[ItemRow | RowProblem]:
    group: list[TableRow] = []
    inside: RowProblem | None = None  # an unreadable row inside or beside the group
    beside: RowProblem | None = None  # one that may as well belong to the next group
    named: dict[str, RowProblem] = {}  # unreadable rows that still name their item
    for row in rows:
        if isinstance(row, TableRow) and not _item_of(row):
            row = _bad(row, ITEM_ID, "It is empty.", "Give every row its item's id.")  # noqa: PLW2901 - one row, read or reported
        if isinstance(row, RowProblem):
            yield row
            if row.item_id:
                named.setdefault(row.item_id, row)
            else:
                inside = beside = row
            continue
        if group and _item_of(row) != _item_of(group[0]):
            yield _finish(group, named.get(_item_of(group[0]), inside), apart)
            group, inside = [], beside
        group.append(row)
        beside = None
    if group:
        yield _finish(group, named.get(_item_of(group[0]), inside), apart)


def _finish(
    group: list[TableRow], inside: RowProblem | None, apart: Collection[str]
) -> ItemRow | RowProblem:
    first = group[0]
    if _item_of(first) in apart:
        reason = "The rows of this item are not next to each other, so none of them was imported."
        return _bad(first, ITEM_ID, reason, "Sort the table by item_id.")
    if inside is not None:
        where = f"Line {inside.line} of {inside.file}"
        reason = f"{where} cannot be read, so this item may be incomplete."
        return _bad(first, "", reason, f"Correct line {inside.line}.")
    for row in group[1:]:
        for column in sorted(ITEM_COLUMNS - {ITEM_ID}):
            own, other = _plain(row.values.get(column)), _plain(first.values.get(column))
            if own != other:
                there = f"“{str(other)[:40]}” in line {first.line} of the same item"
                reason = f"“{str(own)[:40]}” differs from {there}."
                return _bad(row, column, reason, "Give all rows of an item the same value.")
    item = {key: value for key, value in first.values.items() if key in ITEM_COLUMNS}
    item[CANDIDATES] = [
        {key: value for key, value in row.values.items() if key not in ITEM_COLUMNS}
        for row in group
    ]
    return ItemRow(TableRow(first.file, first.line, item, first.last_line), tuple(group))


def _plain(value: object) -> object:
    return value.strip() if isinstance(value, str) else value


def apart_items(rows: Iterable[TableRow | RowProblem]) -> set[str]:
    """Ids of items with one row per candidate that are not adjacent; empty for other tables."""
    last, closed, apart = "", set[str](), set[str]()
    for row in rows:
        if isinstance(row, RowProblem):
            continue
        if not _is_long(row):
            return set()
        item = _item_of(row)
        if item and item != last:
            closed.add(last)
            last = item
            if item in closed:
                apart.add(item)
    return apart


def _item_of(row: TableRow) -> str:
    return normal_name(str(row.values.get(ITEM_ID) or ""))


def _bad(row: TableRow, column: str, reason: str, remedy: str) -> RowProblem:
    return RowProblem(row.file, row.line, _item_of(row), column, INCONSISTENT, reason, remedy)
