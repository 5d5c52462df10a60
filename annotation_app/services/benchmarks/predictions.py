"""A judge's predictions file: read row by row, every bad row named with its remedy.

Scores: rows of `group_id`, `candidate` (its letter, or its id) and `score`; in JSON also
`group_id` and `scores`, a list in the order A, B, C, D. Answers: rows of `group_id`, `first`,
`second` (letters in the order shown) and `answer`. A missing prediction is a failure, not an error.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from string import ascii_uppercase
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from typing_extensions import override

from analytics.benchmark.labels import PairLabel
from analytics.tabular.missing import NOTHING
from analytics.tabular.names import normal_name
from analytics.tabular.reading import open_table
from analytics.tabular.rows import ReadOptions, RowProblem, TableError, TableRow
from annotation_app.enums import JudgeKind
from annotation_app.exceptions import InvalidInputError

LISTED = 200
LARGEST = 64 << 20  # bytes
MOST_ROWS = 1_000_000  # far more than the pairs of the largest benchmark, both ways round
BATCH_ROWS = 1000
LARGEST_LIST = 16 << 20  # characters of a JSON list, or bytes of an unpacked row group
FAILED = NOTHING
COLUMNS = ("group_id", "candidate", "score", "scores", "first", "second", "answer")
ANSWERS = {label.value: label for label in PairLabel}

Row = Mapping[str, Any]
Groups = Mapping[str, Sequence[str]]
"""Group to its candidates' ids, in the order A, B, C, D."""


@dataclass(frozen=True, slots=True)
class BadRow:
    """What is wrong with a row, and what to do about it."""

    row: int
    field: str
    reason: str
    remedy: str

    @override
    def __str__(self) -> str:
        where = f" {self.field}:" if self.field else ""
        return f"{self.row}:{where} {self.reason} {self.remedy}"


@dataclass(slots=True)
class Predictions:
    """What a file says: scores by place, or answers by shown pair."""

    kind: JudgeKind
    values: dict[str, Any]
    problems: list[BadRow] = field(default_factory=list)
    wrong: int = 0

    def note(self, row: int, column: str, reason: str, remedy: str) -> None:
        """Count a problem of a row; the first ones are kept."""
        self.wrong += 1
        if len(self.problems) < LISTED:
            self.problems.append(BadRow(row, column, reason, remedy))


def read_predictions(*, name: str, file: BinaryIO, groups: Groups) -> Predictions:
    """Read a predictions file row by row: memory grows with the benchmark, not with the file.

    Args:
        name: of the file; its ending says how to read it.
        file: at its beginning, seekable: it is read twice.
        groups: the benchmark's groups, including those for calibration.

    Raises:
        InvalidInputError: if it cannot be read, or a row is wrong; `problems` in the details
            names the first ones. No row is accepted then.
    """
    kind = _kind_of(name, file)
    file.seek(0)
    empty = {key: [None] * len(ids) for key, ids in groups.items()}
    found = Predictions(kind, {} if kind == JudgeKind.ANSWERS else empty)
    seen: set[tuple[str, int]] = set()
    for row in _rows(name, file):
        if isinstance(row, RowProblem):
            found.note(row.line, row.field, row.reason, row.remedy)
        elif kind == JudgeKind.ANSWERS:
            _take_answer(found, row.line, row.values, groups)
        else:
            _take_score(found, row.line, row.values, groups, seen)
    if found.wrong:
        raise InvalidInputError(
            _("Rows with errors: %(count)s. Nothing was saved.") % {"count": found.wrong},
            problems=found.problems,
        )
    return found


def _kind_of(name: str, file: BinaryIO) -> JudgeKind:
    """Answers if any row has one.

    Raises:
        InvalidInputError: if there is no row.
    """
    number = 0
    for number, row in enumerate(_rows(name, file), start=1):  # noqa: B007 - counted
        if isinstance(row, TableRow) and "answer" in row.values:
            return JudgeKind.ANSWERS
    if not number:
        raise InvalidInputError(_("The file contains no rows."))
    return JudgeKind.SCORES


def _rows(name: str, file: BinaryIO) -> Iterator[TableRow | RowProblem]:
    """Rows with the line on which each begins (its place, in a JSON list), and the unreadable."""
    options = ReadOptions(
        known=COLUMNS, batch_rows=BATCH_ROWS, most_rows=MOST_ROWS, largest=LARGEST_LIST
    )
    try:
        for number, row in enumerate(open_table(file, name, options).rows):
            if number >= MOST_ROWS:
                raise InvalidInputError(
                    _("The file has more than %(most)s rows.") % {"most": f"{MOST_ROWS:,}"}
                )
            yield row
    except TableError as error:
        raise InvalidInputError(
            _("The file cannot be read: %(error)s") % {"error": error}
        ) from error


def _take_score(
    found: Predictions, number: int, row: Row, groups: Groups, seen: set[tuple[str, int]]
) -> None:
    group = _group(found, number, row, groups)
    if group is None:
        return
    given = _given_scores(found, number, row, groups[group])
    for place, text in given:
        if (group, place) in seen:
            found.note(
                number,
                "candidate",
                _("This candidate of the group already has a score."),
                _("Keep one row for each candidate."),
            )
            continue
        seen.add((group, place))
        score = _number(text)
        if score is None and str(text).strip().lower() not in FAILED:
            found.note(
                number,
                "score",
                _("“%(text)s” is not a number.") % {"text": str(text)[:40]},
                _("Give a number, or leave the cell empty if the judge failed."),
            )
        found.values[group][place] = score


def _given_scores(
    found: Predictions, number: int, row: Row, ids: Sequence[str]
) -> list[tuple[int, Any]]:
    listed = row.get("scores")
    if listed is None:
        place = _place(row.get("candidate"), ids)
        if place is None:
            found.note(
                number,
                "candidate",
                _("The group has no candidate “%(name)s”.")
                % {"name": str(row.get("candidate", ""))[:40]},
                _("Use its letter, A to %(last)s.") % {"last": ascii_uppercase[len(ids) - 1]},
            )
            return []
        return [(place, row.get("score"))]
    if not isinstance(listed, list) or len(listed) != len(ids):
        found.note(
            number,
            "scores",
            _("It is not a list of %(count)s scores.") % {"count": len(ids)},
            _("Give one score for each candidate, in the order A, B, C, D."),
        )
        return []
    return list(enumerate(listed))


def _take_answer(found: Predictions, number: int, row: Row, groups: Groups) -> None:
    group = _group(found, number, row, groups)
    if group is None:
        return
    ids = groups[group]
    first, second = (_place(row.get(name, letter), ids) for name, letter in _SHOWN)
    if first is None or second is None or first == second:
        found.note(
            number,
            "first, second",
            _("These are not two candidates of the group."),
            _("Give two different letters, in the order in which the judge saw them."),
        )
        return
    text = str(row.get("answer") or "").strip().strip("[]").replace(" ", "")
    if text and text.lower() not in FAILED and text not in ANSWERS:
        found.note(
            number,
            "answer",
            _("“%(text)s” is not an answer.") % {"text": text[:40]},
            _(
                "Write A>B (the first is better), B>A, A=B, A=B=Good or A=B=Bad; leave it "
                "empty if the judge failed."
            ),
        )
        return
    key = f"{ascii_uppercase[first]},{ascii_uppercase[second]}"
    answers = found.values.setdefault(group, {})
    if key in answers:
        found.note(
            number,
            "first, second",
            _("This pair already has an answer in this order."),
            _("Keep one row for each pair and order."),
        )
    answers[key] = text if text in ANSWERS else None


_SHOWN = (("first", "A"), ("second", "B"))


def _group(found: Predictions, number: int, row: Row, groups: Groups) -> str | None:
    name = normal_name(str(row.get("group_id") or ""))
    if name in groups:
        return name
    found.note(
        number,
        "group_id",
        _("The benchmark has no group “%(name)s”.") % {"name": name[:60]},
        _("Use the IDs in the benchmark's files."),
    )
    return None


def _place(name: object, ids: Sequence[str]) -> int | None:
    text = normal_name(str(name if name is not None else ""))
    letters = ascii_uppercase[: len(ids)]
    if len(text) == 1 and text in letters:
        return letters.index(text)
    return ids.index(text) if text in ids else None


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)  # type: ignore[arg-type]  # anything else is a TypeError
    except (TypeError, ValueError, OverflowError):  # also a whole number of hundreds of digits
        return None
    return number if isfinite(number) else None
