"""The long form: one row per candidate, gathered into one record per item."""

from collections.abc import Iterable, Iterator
from itertools import chain

from analytics.tabular.names import normal_name
from analytics.tabular.rows import RowProblem
from annotation_app.services.importing.problems import ProblemCode
from annotation_app.services.importing.rows import ITEM_COLUMNS, FailedRow, Record


def gather_items(records: Iterable[Record | FailedRow]) -> Iterator[Record | FailedRow]:
    """Give one record per item, whichever form the table has.

    A table is in long form when its first readable row has `candidate_id` and no `candidates`.
    Rows of one item must stand together, so that the table can be streamed.
    """
    stream = iter(records)
    head: list[Record | FailedRow] = []
    for record in stream:
        head.append(record)
        if isinstance(record, Record):
            break
    first = head[-1] if head else None
    rows = chain(head, stream)
    if isinstance(first, Record) and _is_long(first):
        yield from _gather(rows)
    else:
        yield from rows


def _is_long(record: Record) -> bool:
    return "candidate_id" in record.values and "candidates" not in record.values


def _gather(rows: Iterable[Record | FailedRow]) -> Iterator[Record | FailedRow]:
    group: list[Record] = []
    taint: FailedRow | None = None  # an unreadable row inside or beside the group
    beside: FailedRow | None = None  # one that may as well belong to the next group
    named: dict[str, FailedRow] = {}  # unreadable rows that still name their item
    for row in rows:
        if isinstance(row, FailedRow):
            yield row
            if row.item_id:
                named.setdefault(row.item_id, row)
            else:
                taint = beside = row
            continue
        if group and _item_of(row) != _item_of(group[0]):
            yield _finish(group, named.get(_item_of(group[0]), taint))
            group, taint = [], beside
        group.append(row)
        beside = None
    if group:
        yield _finish(group, named.get(_item_of(group[0]), taint))


def _item_of(row: Record) -> str:
    return normal_name(str(row.values.get("item_id") or ""))


def _finish(group: list[Record], taint: FailedRow | None) -> Record | FailedRow:
    first = group[0]
    if taint is not None:
        where = f"Line {taint.line} of {taint.problems[0].file}"
        reason = f"{where} cannot be read, so this item may be incomplete."
        return _failed(first, "", reason, f"Correct line {taint.line}.")
    for row in group[1:]:
        for column in ITEM_COLUMNS - {"item_id"}:
            if row.values.get(column) != first.values.get(column):
                reason = f"It differs from line {first.line} of the same item."
                return _failed(row, column, reason, "Give all rows of an item the same value.")
    item = {key: value for key, value in first.values.items() if key in ITEM_COLUMNS}
    item["candidates"] = [
        {key: value for key, value in row.values.items() if key not in ITEM_COLUMNS}
        for row in group
    ]
    lines = tuple(row.line for row in group)
    return Record(file=first.file, line=first.line, values=item, candidate_lines=lines)


def _failed(row: Record, column: str, reason: str, remedy: str) -> FailedRow:
    item_id = _item_of(row)
    code = ProblemCode.INCONSISTENT
    return FailedRow(
        row.line, [RowProblem(row.file, row.line, item_id, column, code, reason, remedy)]
    )
