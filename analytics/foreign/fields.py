"""The columns of a ratings file, long or wide, and which of them hold scores."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from analytics.foreign.options import FileOptions
from analytics.foreign.strata import ForeignFileError
from analytics.tabular.columns import ROW_NUMBER
from analytics.tabular.missing import is_missing
from analytics.tabular.names import loose_name
from analytics.tabular.numbers import may_be_thousands, read_number
from analytics.tabular.rows import Table, TableRow

UNIT = ("unit", "candidate", "candidate_id", "unit_id")
RATER = ("rater", "annotator", "rater_id", "annotator_id", "pseudonym")
ITEM = ("item", "item_id")
SCORE = ("score", "value", "level")
DIMENSION = ("dimension",)
SCALE = ("scale",)
# what the product's exports and other tools write beside scores
BESIDE = (
    *("generator", "model", "seed", "split", "missing_reason", "missing", "seconds"),
    *("order_on_screen", "order", "position", "aids", "rubric", "guideline_version"),
    *("task_kind", "design", "selection_probability", "given_at"),
)
KNOWN = (*UNIT, *RATER, *ITEM, *SCORE, *DIMENSION, *SCALE, *BESIDE)


@dataclass(frozen=True)
class Fields:
    """Which columns hold what; empty if there is none.

    Attributes:
        unit: the rated unit.
        rater: who rated.
        item: the cluster of units.
        dimension: of a long file.
        score: of a long file.
        scale: the declared levels, as the product's exports have them.
        by: the strata.
        wide: score columns of a wide file.
    """

    unit: str
    rater: str
    item: str
    dimension: str = ""
    score: str = ""
    scale: str = ""
    by: str = ""
    wide: tuple[str, ...] = ()

    @property
    def used(self) -> tuple[str, ...]:
        """All columns that are read."""
        named = (self.unit, self.rater, self.item, self.dimension, self.score, self.scale, self.by)
        return (*(name for name in named if name), *self.wide)


def find_fields(
    table: Table, rows: Sequence[TableRow], options: FileOptions
) -> tuple[Fields, list[str]]:
    """Find the columns that a report needs.

    Args:
        table: the open table; of JSON the columns found in all rows.
        rows: all rows.
        options: what is asked for and declared.

    Returns:
        The columns, and notes on what was guessed or is not read.

    Raises:
        ForeignFileError: a column is missing.
    """
    columns, by, missing = list(table.columns), options.by, options.missing
    dimensions = options.dimensions
    unit, rater = _need(table, UNIT), _need(table, RATER)
    item, scale = _first(ITEM, columns), _first(SCALE, columns)
    strata = _asked(table, by) if by is not None else ""
    notes: list[str] = []
    dimensions = tuple({loose_name(name): name for name in reversed(dimensions)}.values())[::-1]
    if _first(DIMENSION, columns):
        score = _need(table, SCORE)
        fields = Fields(unit, rater, item, _first(DIMENSION, columns), score, scale, strata)
    else:
        wide = tuple(_asked(table, name) for name in dimensions)
        if not wide:
            wide = _score_columns(table, rows, strata, missing)
            listed = ", ".join(f"“{name}”" for name in wide)
            notes.append(f"Columns read as dimensions: {listed}. Choose others with --dimensions.")
        fields = Fields(unit, rater, item, scale=scale, by=strata, wide=wide)
    unread = [name for name in columns if name not in fields.used]
    if unread:
        notes.append(f"Ignored columns: {', '.join(f'“{name}”' for name in unread)}.")
    return fields, notes


def _score_columns(
    table: Table, rows: Sequence[TableRow], strata: str, missing: Collection[str]
) -> tuple[str, ...]:
    """Columns of a wide file that hold mostly numbers, unless usual for other things."""
    known = {name.casefold() for name in KNOWN if name not in SCORE}
    found = tuple(
        name
        for name in table.columns
        if name.casefold() not in known
        and name != strata
        and not ROW_NUMBER.fullmatch(name)
        and _is_numeric(name, rows, missing)
    )
    if not found:
        raise ForeignFileError(
            f"{table.name}: no column “dimension” with “score” (one row per score), and no "
            "column of"
            f" numbers (one column per dimension); it has {_listed(table)}. Name the columns of"
            " scores with --dimensions."
        )
    return found


def _is_numeric(column: str, rows: Sequence[TableRow], missing: Collection[str]) -> bool:
    """Whether most given cells are numbers; the others are reported as problems then."""
    cells = [row.values.get(column) for row in rows]
    given = [cell for cell in cells if not is_missing(cell, missing)]
    return 2 * sum(_is_number(cell) for cell in given) > len(given)


def _is_number(cell: object) -> bool:
    try:
        read_number(cell)
    except ValueError:
        return may_be_thousands(cell)
    return True


def _need(table: Table, names: Sequence[str]) -> str:
    found = _first(names, list(table.columns))
    if not found:
        wanted = " or ".join(f"“{name}”" for name in names[:2])
        advice = ""
        if len(table.columns) == 1:
            advice = " If the cells are separated by another character, give it with --delimiter."
        raise ForeignFileError(
            f"{table.name}: no column {wanted}; it has {_listed(table)}.{advice}"
        )
    return found


def _asked(table: Table, name: str) -> str:
    by_loose: Mapping[str, str] = {loose_name(column): column for column in table.columns}
    found = by_loose.get(loose_name(name))
    if found is None:
        raise ForeignFileError(f"{table.name}: no column “{name}”; it has {_listed(table)}.")
    return found


def _first(names: Sequence[str], columns: Sequence[str]) -> str:
    return next((name for name in names if name in columns), "")


def _listed(table: Table) -> str:
    return ", ".join(f"“{name}”" for name in table.columns)
