"""Agreement reports of foreign files, as the command line prints them."""

from dataclasses import asdict
from pathlib import Path
from typing import TypedDict, final

from analytics.agreement.report import agreement_summary
from analytics.foreign.genai_bench import (
    GenAIAnswers,
    genai_accuracies,
    is_genai_bench,
    read_genai_bench,
)
from analytics.foreign.imagenhub import is_imagenhub, read_imagenhub
from analytics.foreign.levels import FoundScale
from analytics.foreign.options import FileOptions
from analytics.foreign.ratings_file import read_ratings_file
from analytics.foreign.strata import ForeignFileError, StratifiedRatings
from analytics.tabular.reading import open_table_file, suffix_of
from analytics.tabular.rows import RowProblem, TableError, TableRow

SHOWN = 20


class ScaleRecord(TypedDict):
    """The levels that a dimension's figures rest on, and where they come from."""

    levels: list[float]
    origin: str


@final
class StrataReport(TypedDict):
    """JSON-ready report: figures by stratum and dimension, with the scales they rest on."""

    source: str
    scales: dict[str, ScaleRecord]
    notes: list[str]
    strata: dict[str, dict[str, dict[str, object]]]


def read_foreign(path: Path, options: FileOptions | None = None) -> StratifiedRatings:
    """Read an ImagenHub folder or a ratings file.

    Raises:
        ForeignFileError: neither, or unreadable content.
    """
    if is_imagenhub(path):
        _refuse_options(path, options)
        return read_imagenhub(path)
    if path.is_file():
        return read_ratings_file(path, options)
    if not path.exists():
        raise ForeignFileError(f"{path}: there is no such file or folder")
    raise ForeignFileError(f"{path}: neither a ratings file nor a folder of raters' TSV files")


def _refuse_options(path: Path, options: FileOptions | None) -> None:
    """Refuse options without effect: published layouts have their own columns and scale."""
    chosen = options or FileOptions()
    names = ("by", "levels", "dimensions", "missing")
    given = [f"--{name}" for name in names if getattr(chosen, name)]
    if given:
        raise ForeignFileError(
            f"{path.name} has a published layout with its own columns and scale; "
            f"{' and '.join(given)} cannot be used with it"
        )


def scale_record(found: FoundScale) -> ScaleRecord:
    """The levels of a dimension, ready for JSON."""
    return ScaleRecord(levels=list(found.scale.values), origin=found.origin.value)


class ShareRecord(TypedDict):
    """A share of counted pairs."""

    correct: int
    total: int
    share: float | None


@final
class AnswersReport(TypedDict):
    """JSON-ready report on a judge's published answers."""

    source: str
    pairs: int
    accuracies: dict[str, ShareRecord]
    notes: list[str]


def report_answers(path: Path, options: FileOptions | None = None) -> AnswersReport | None:
    """Report a file of GenAI-Bench's answers; None if a path is another kind of file.

    Raises:
        ForeignFileError: it is such a file, and rows of it cannot be used.
    """
    if suffix_of(path.name) not in {".json", ".jsonl"} or not path.is_file():
        return None
    try:
        reading = (options or FileOptions()).reading
        with open_table_file(path, options=reading) as table:
            found = list(table.rows)
    except TableError as error:
        raise ForeignFileError(str(error)) from error
    rows = [(row.line, row.values) for row in found if isinstance(row, TableRow)]
    if not rows or not is_genai_bench(rows[0][1]):
        return None
    problems = [row for row in found if isinstance(row, RowProblem)]
    if problems:
        raise ForeignFileError.of_rows(path.name, problems)
    _refuse_options(path, options)
    answers = read_genai_bench(rows, path.name)
    shares = asdict(genai_accuracies(answers))
    return AnswersReport(
        source=path.name,
        pairs=len(answers.votes),
        accuracies={name: _share(**share) for name, share in shares.items()},
        notes=_doubts(answers),
    )


def _share(correct: int, total: int) -> ShareRecord:
    return ShareRecord(correct=correct, total=total, share=correct / total if total else None)


def _doubts(answers: GenAIAnswers) -> list[str]:
    """What is doubtful about a file's rows, each a sentence."""
    notes = []
    for row in answers.doubled:
        counted = (
            "contradict each other and are not counted"
            if row.is_contradicting
            else ("are the same and count once")
        )
        lines = ", ".join(map(str, row.lines))
        notes.append(f"idx {row.idx}: lines {lines} {counted}.")
    if answers.wrong_correct:
        lines = ", ".join(map(str, answers.wrong_correct[:SHOWN]))
        notes.append(f"“correct” contradicts its own votes in lines {lines}; it is not used.")
    return notes


def report_strata(ratings: StratifiedRatings) -> StrataReport:
    """Report the agreement on every stratum and dimension."""
    return StrataReport(
        source=ratings.source,
        scales={name: scale_record(found) for name, found in ratings.scales.items()},
        notes=list(ratings.notes),
        strata={
            stratum: {name: agreement_summary(table).as_dict() for name, table in tables.items()}
            for stratum, tables in ratings.strata.items()
        },
    )
