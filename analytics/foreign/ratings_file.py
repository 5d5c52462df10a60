"""Reads a file of ratings, long or wide, into tables by stratum and dimension.

Needs `unit` (or `candidate`), `rater` (or `annotator`), and either `dimension` with `score` (or
`level`), one row a score, or one column of numbers for each dimension. `item` is the cluster;
without it every unit is its own. CSV, TSV, JSON, JSONL or Parquet.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from analytics.foreign.fields import KNOWN, find_fields
from analytics.foreign.levels import FoundScale, Origin, guess_scale, list_levels, parse_levels
from analytics.foreign.options import FileOptions
from analytics.foreign.scores import NO_STRATUM, FileScore, ScoreReader, told_levels
from analytics.foreign.strata import POOLED, ForeignFileError, StratifiedRatings
from analytics.scales import Scale
from analytics.tables import RatingTable
from analytics.tabular.names import describe_near
from analytics.tabular.reading import open_table_file
from analytics.tabular.rows import RowProblem, TableError, TableRow

BATCH_ROWS = 10_000

Scores = Sequence[FileScore]


def read_ratings_file(file: Path, options: FileOptions | None = None) -> StratifiedRatings:
    """Read a ratings file into tables by stratum and dimension.

    Raises:
        ForeignFileError: a missing column; or rows with problems, every one named: cells that do
            not fit the heading, an empty unit, rater or dimension, a score that is not a number or
            not one of the declared levels, one rater twice on one unit.
    """
    chosen = options or FileOptions()
    reading = replace(
        chosen.reading, known=KNOWN, plain_only=True, batch_rows=BATCH_ROWS, unescape=True
    )
    try:
        with open_table_file(file, options=reading) as table:
            found = list(table.rows)
    except TableError as error:
        raise ForeignFileError(str(error)) from error
    problems = [row for row in found if isinstance(row, RowProblem)]
    rows = [row for row in found if isinstance(row, TableRow)]
    if not found:
        raise ForeignFileError(f"{file.name} has a header row but no other rows.")
    if not rows:
        raise ForeignFileError.of_rows(file.name, problems)
    fields, notes = find_fields(table, rows, chosen)
    reader = ScoreReader(fields, chosen)
    scores = reader.read(rows)
    scales = _find_scales(file.name, reader, scores, chosen)
    problems = sorted(problems + reader.problems, key=lambda problem: problem.line)
    if problems:
        raise ForeignFileError.of_rows(file.name, problems)
    doubts = [note for scale in scales.values() for note in scale.notes]
    return StratifiedRatings(
        strata=_strata(scores, scales, has_items=bool(fields.item)),
        source=file.name,
        scales=scales,
        notes=(*table.notes, *notes, *doubts, *_doubtful(reader, scores), *_near(scores)),
    )


def _doubtful(reader: ScoreReader, scores: Scores) -> list[str]:
    """What may not have been meant as it was read."""
    notes = []
    if reader.thousands:
        shown = ", ".join(f"“{text}” as {value:g}" for text, value in reader.thousands.items())
        notes.append(
            f"Read with a decimal point: {shown[:200]}. If these are thousands, remove the "
            "separator."
        )
    unplaced = sum(score.stratum == NO_STRATUM for score in scores)
    if unplaced:
        notes.append(
            f"{unplaced:,} scores have no value in the column of strata; they are “{NO_STRATUM}”."
        )
    return notes


def _near(scores: Scores) -> list[str]:
    """What names of raters, items and units look alike."""
    return [
        *describe_near("strata", {score.stratum for score in scores}),
        *describe_near("raters", {score.rater for score in scores}),
        *describe_near("items", {score.unit[0] for score in scores}),
        *describe_near("units", {score.unit[1] for score in scores}),
    ]


def _find_scales(
    file: str, reader: ScoreReader, scores: Scores, options: FileOptions
) -> dict[str, FoundScale]:
    """The levels of each dimension, in the order of the file."""
    by_dimension: dict[str, list[FileScore]] = defaultdict(list)
    for score in scores:
        by_dimension[score.dimension].append(score)
    lacking = [name for name in options.dimensions if not _has(by_dimension, name)]
    if lacking:
        raise ForeignFileError(f"{file}: no dimension “{lacking[0]}”; it has {_quoted(reader)}.")
    for name in options.levels:
        if name and not _has(dict.fromkeys(reader.dimensions), name):
            raise ForeignFileError(
                f"{file}: levels are declared for “{name}”, which is not a dimension; it has"
                f" {_quoted(reader)}."
            )
    try:
        return {
            name: _find_scale(name, reader, part, options) for name, part in by_dimension.items()
        }
    except ValueError as error:
        raise ForeignFileError(f"{file}: {error}.") from error


def _quoted(reader: ScoreReader) -> str:
    return ", ".join(f"“{name}”" for name in reader.dimensions)


def _has(dimensions: Mapping[str, object], name: str) -> bool:
    return any(FileOptions(dimensions=(name,)).reports(there) for there in dimensions)


def _find_scale(
    dimension: str, reader: ScoreReader, scores: Scores, options: FileOptions
) -> FoundScale:
    declared, told = options.levels_of(dimension), _told(scores)
    if declared is None and not told:
        values = [score.value for score in scores if score.value is not None]
        return guess_scale(dimension, values)
    if declared is None and len(told) > 1:
        raise ValueError(
            f"{dimension} has several scales: {'; '.join(sorted(map(list_levels, told)))}."
            " Declare one with --levels, or report each separately"
        )
    origin = Origin.FILE if declared is None else Origin.DECLARED
    scale = Scale.of(declared if declared is not None else told.pop())
    reader.refuse_undeclared(scores, scale)
    return FoundScale(scale, origin)


def _told(scores: Scores) -> set[tuple[float, ...]]:
    """The levels that rows declare; empty for a column of that name with other contents."""
    found = set()
    for text in told_levels(scores):
        try:
            found.add(parse_levels(text))
        except ValueError:
            return set()
    return found


def _strata(
    scores: Scores, scales: Mapping[str, FoundScale], *, has_items: bool
) -> dict[str, dict[str, RatingTable]]:
    groups: dict[str, dict[str, list[FileScore]]] = {POOLED: defaultdict(list)}
    for score in scores:
        groups[POOLED][score.dimension].append(score)
        if score.stratum:
            name = f"{POOLED} (value)" if score.stratum == POOLED else score.stratum
            groups.setdefault(name, defaultdict(list))[score.dimension].append(score)
    return {
        stratum: {
            name: _table(part, scales[name].scale, has_items=has_items)
            for name, part in dimensions.items()
        }
        for stratum, dimensions in groups.items()
    }


def _table(scores: Scores, scale: Scale, *, has_items: bool) -> RatingTable:
    return RatingTable.from_long(
        units=[score.unit for score in scores],
        raters=[score.rater for score in scores],
        values=[score.value for score in scores],
        items=[score.unit[0] if has_items else score.unit for score in scores],
        scale=scale,
    )
