"""One record an item, whichever form the table has; what cannot be taken comes as failed rows."""

from collections.abc import Collection, Iterable, Iterator

from analytics.tabular.items import INCONSISTENT
from analytics.tabular.items import gather_items as gather_rows
from analytics.tabular.rows import RowProblem, TableRow
from annotation_app.services.collections.importing.rows import FailedRow, Record


def gather_items(
    rows: Iterable[TableRow | RowProblem], apart: Collection[str] = ()
) -> Iterator[Record | FailedRow]:
    """Return one record per item of a table in either form.

    Rows of one item must be adjacent, so that the table can be streamed; `apart` names the items
    whose rows are not, which are left out.
    """
    for row in gather_rows(rows, apart):
        if isinstance(row, RowProblem):
            yield FailedRow(row.line, [row], is_unreadable=row.code != INCONSISTENT)
        else:
            lines = tuple(part.line for part in row.parts)
            yield Record(row.row.file, row.row.line, row.row.values, candidate_lines=lines)
