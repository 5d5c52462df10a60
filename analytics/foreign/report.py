"""Agreement reports of foreign files, as the command line prints them."""

from pathlib import Path
from typing import TypedDict

from analytics.agreement.report import agreement_summary
from analytics.foreign.imagenhub import is_imagenhub, read_imagenhub
from analytics.foreign.ratings_csv import CsvOptions, read_ratings_csv
from analytics.foreign.strata import ForeignFileError, StratifiedRatings


class StrataReport(TypedDict):
    """JSON-ready report: figures by stratum and dimension."""

    source: str
    strata: dict[str, dict[str, dict[str, object]]]


def read_foreign(path: Path, options: CsvOptions | None = None) -> StratifiedRatings:
    """Read an ImagenHub folder or a ratings file.

    Raises:
        ForeignFileError: neither, or unreadable content.
    """
    if is_imagenhub(path):
        return read_imagenhub(path)
    if path.is_file():
        return read_ratings_csv(path, options)
    raise ForeignFileError(f"{path}: neither a ratings file nor a folder of raters' TSV files")


def report_strata(ratings: StratifiedRatings) -> StrataReport:
    """Report the agreement on every stratum and dimension."""
    return StrataReport(
        source=ratings.source,
        strata={
            stratum: {name: agreement_summary(table).as_dict() for name, table in tables.items()}
            for stratum, tables in ratings.strata.items()
        },
    )
