"""Agreement reports of foreign files, as the command line prints them."""

from pathlib import Path
from typing import TypedDict

from analytics.agreement.report import agreement_summary
from analytics.foreign.imagenhub import is_imagenhub, read_imagenhub
from analytics.foreign.levels import FoundScale
from analytics.foreign.options import FileOptions
from analytics.foreign.ratings_file import read_ratings_file
from analytics.foreign.strata import ForeignFileError, StratifiedRatings


class ScaleRecord(TypedDict):
    """The levels that a dimension's figures rest on, and where they come from."""

    levels: list[float]
    origin: str


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
        return read_imagenhub(path)
    if path.is_file():
        return read_ratings_file(path, options)
    if not path.exists():
        raise ForeignFileError(f"{path}: there is no such file or folder")
    raise ForeignFileError(f"{path}: neither a ratings file nor a folder of raters' TSV files")


def scale_record(found: FoundScale) -> ScaleRecord:
    """The levels of a dimension, ready for JSON."""
    return ScaleRecord(levels=list(found.scale.values), origin=found.origin.value)


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
