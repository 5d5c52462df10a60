"""`manage.py agreement --campaign NAME | --ratings FILE|FOLDER [--levels 1..4] …`."""

import argparse
import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from analytics.foreign.levels import list_levels, parse_levels
from analytics.foreign.options import FileOptions, Levels
from analytics.foreign.report import (
    AnswersReport,
    StrataReport,
    read_foreign,
    report_answers,
    report_strata,
)
from analytics.foreign.strata import ForeignFileError
from analytics.tabular.rows import ReadOptions
from annotation_app.management.finding import named_campaign
from annotation_app.management.paths import existing
from annotation_app.selectors.agreement.strata import Stratum, campaign_report

COLUMNS = ("krippendorff_alpha_ordinal", "krippendorff_alpha_nominal", "fleiss_kappa", "gwet_ac2")
CHOICES = ", ".join(Stratum)
OF_FILES = ("levels", "dimensions", "missing", "encoding", "delimiter")
LAYOUT = """\
A ratings file is a table (.csv, .tsv, .json, .jsonl, .parquet) in one of two forms.

One row a score:                          One row a rating, one column a dimension:

    item,candidate,annotator,dimension,level      item,candidate,annotator,if,vq
    it0,c0,ann,if,4                               it0,c0,ann,4,3
    it0,c0,ann,vq,3                               it0,c0,bob,4,4
    it0,c0,bob,if,4

Column names, in any case:
    candidate (or unit)         what was rated
    annotator (or rater)        who rated
    item                        optional: what candidates belong to; intervals are by item
    dimension with level (or score, value); or one column of numbers for each dimension
    scale                       optional: the dimension's levels, as 1|2|3|4; our exports have it

Empty cells, NA, N/A, NaN, none and null are missing scores; name further codes with --missing.
Without --levels, or a scale in the file, the levels that occur are taken, and with a warning: AC1,
AC2, Brennan-Prediger and agreement within one level depend on the levels that no rating has.

    manage.py agreement --ratings ratings.csv --levels 1..4
    manage.py agreement --ratings wide.csv --dimensions if,vq --levels if=1..4 --levels vq=1,3,5
    manage.py agreement --ratings survey.csv --levels 0..100..5 --missing=-1,99 --by generator

A folder of raters' TSV files in ImagenHub's form (uid and one column per model, cells [SC, PQ]) is
read as it is. So is a JSONL file of GenAI-Bench's answers (idx, human_vote, model_vote): the
judge's accuracies are reported, by the published rule and others, and duplicate rows are listed.
"""


class Command(BaseCommand):
    """Reports the agreement of a campaign, or of a foreign file without any database."""

    help = "Agreement by stratum and dimension, of a campaign or of a file of ratings."
    requires_system_checks = ()

    @override
    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=LAYOUT, **kwargs)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--campaign", help="its short name or its name")
        source.add_argument(
            "--ratings", type=Path, help="a ratings file, or a folder of raters' TSV files"
        )
        parser.add_argument(
            "--by", help=f"a column of the file, or for a campaign one of {CHOICES}"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")
        _add_file_arguments(parser)

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        report = _of_file(options) if options["ratings"] else _of_campaign(options)
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=2, allow_nan=False))
        elif "accuracies" in report:
            self.stdout.write(_answers(report))
        else:
            self.stdout.write(_table(report))
        for note in report["notes"]:
            self.stderr.write(f"note: {note}")


def _add_file_arguments(parser: CommandParser) -> None:
    file = parser.add_argument_group("of a ratings file")
    file.add_argument(
        "--levels",
        action="append",
        default=[],
        metavar="[DIMENSION=]LEVELS",
        help="the declared levels: 1..4, 0..100..5, 1,3,5, or --levels=-2..2; again for each "
        "dimension",
    )
    file.add_argument(
        "--dimensions", metavar="A,B", help="the dimensions to report; in a wide file, its columns"
    )
    file.add_argument(
        "--missing", metavar="A,B", help="codes of missing scores, such as --missing=-1,99"
    )
    file.add_argument("--encoding", help="encoding of the file, such as gbk, if it is not UTF-8")
    file.add_argument("--delimiter", help="delimiter between the cells, if it is not detected")


def _of_file(options: dict[str, Any]) -> StrataReport | AnswersReport:
    path, chosen = existing(options["ratings"]), _file_options(options)
    try:
        return report_answers(path, chosen) or report_strata(read_foreign(path, chosen))
    except (ForeignFileError, OSError) as error:
        raise CommandError(str(error)) from error


def _file_options(options: dict[str, Any]) -> FileOptions:
    return FileOptions(
        by=options["by"],
        levels=dict(_levels(text) for text in options["levels"] or ()),
        dimensions=_listed(options["dimensions"]),
        missing=frozenset(_listed(options["missing"])),
        reading=ReadOptions(encoding=options["encoding"], delimiter=_delimiter(options)),
    )


def _delimiter(options: dict[str, Any]) -> str | None:
    given = options["delimiter"]
    if given is None:
        return None
    found = {"\\t": "\t", "tab": "\t"}.get(given, given)
    if len(found) != 1 or found in '"\r\n':
        raise CommandError(f"--delimiter {given!r} is not one character.")
    return str(found)


def _levels(text: str) -> tuple[str, Levels]:
    dimension, _, levels = text.rpartition("=")
    try:
        return dimension.strip(), parse_levels(levels)
    except ValueError as error:
        raise CommandError(f"--levels {error}.") from error


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _of_campaign(options: dict[str, Any]) -> StrataReport:
    given = [name for name in OF_FILES if options[name]]
    if given:
        raise CommandError(f"--{given[0]} is for --ratings; a campaign has its own rubric.")
    campaign = named_campaign(options["campaign"])
    if options["by"] is not None and options["by"] not in list(Stratum):
        raise CommandError(f"--by {options['by']!r}: choose one of {CHOICES}.")
    return campaign_report(campaign, by=options["by"] and Stratum(options["by"]))


def _answers(report: AnswersReport) -> str:
    lines = [f"{report['source']}: answers of a judge on {report['pairs']:,} pairs"]
    for name, share in report["accuracies"].items():
        value = "–" if share["share"] is None else f"{share['share']:.2%}"
        lines.append(f"{name:16} {value:>8} ({share['correct']:,} of {share['total']:,})")
    return "\n".join(lines)


def _table(report: StrataReport) -> str:
    scales = [
        f"levels of {name}: {list_levels(scale['levels'])} ({scale['origin']})"
        for name, scale in report["scales"].items()
    ]
    head = _line("stratum / dimension", "n", *COLUMNS, "95 % interval")
    lines = [report["source"], *scales, head]
    for stratum, dimensions in report["strata"].items():
        for dimension, figures in dimensions.items():
            reasons = figures["reasons"]
            values = [_value(figures, name, reasons) for name in COLUMNS]
            name = f"{stratum} / {dimension}"
            interval = _interval(figures, reasons)
            lines.append(_line(name, str(figures["n_pairable"]), *values, interval))
    return "\n".join(lines)


def _line(name: str, count: str, *cells: str) -> str:
    return f"{name:40} {count:>8} " + " ".join(f"{cell:>26}" for cell in cells)


def _value(figures: dict[str, Any], name: str, reasons: Any) -> str:
    value = figures[name]
    return str(reasons.get(name, "–")) if value is None else f"{value:.4f}"


def _interval(figures: dict[str, Any], reasons: Any) -> str:
    bounds = figures["interval_95"]
    return (
        str(reasons.get("interval_95", "–"))
        if bounds is None
        else f"{bounds[0]:.4f} to {bounds[1]:.4f}"
    )
