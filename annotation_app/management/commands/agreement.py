"""`manage.py agreement --campaign NAME | --ratings FILE|FOLDER [--by COLUMN] [--json]`."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from analytics.foreign.ratings_csv import CsvOptions
from analytics.foreign.report import StrataReport, read_foreign, report_strata
from analytics.foreign.strata import ForeignFileError
from annotation_app.management.finding import named_campaign
from annotation_app.management.paths import existing
from annotation_app.selectors.strata import Stratum, campaign_report

COLUMNS = ("krippendorff_alpha_ordinal", "krippendorff_alpha_nominal", "fleiss_kappa", "gwet_ac2")
CHOICES = ", ".join(Stratum)


class Command(BaseCommand):
    """Reports the agreement of a campaign, or of a foreign file without any database."""

    help = "Agreement by stratum and dimension, of a campaign or of a file of ratings."
    requires_system_checks = ()

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        source = parser.add_mutually_exclusive_group(required=True)
        source.add_argument("--campaign", help="its short name or its name")
        source.add_argument(
            "--ratings", type=Path, help="a .csv or .tsv file, or a folder of raters' TSV files"
        )
        parser.add_argument(
            "--by", help=f"a column of the file, or for a campaign one of {CHOICES}"
        )
        parser.add_argument("--json", action="store_true", help="print JSON")

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        report = _of_file(options) if options["ratings"] else _of_campaign(options)
        text = json.dumps(report, indent=2, allow_nan=False) if options["json"] else _table(report)
        self.stdout.write(text)


def _of_file(options: dict[str, Any]) -> StrataReport:
    ratings = existing(options["ratings"])
    try:
        return report_strata(read_foreign(ratings, CsvOptions(by=options["by"])))
    except (ForeignFileError, OSError, UnicodeDecodeError) as error:
        raise CommandError(str(error)) from error


def _of_campaign(options: dict[str, Any]) -> StrataReport:
    campaign = named_campaign(options["campaign"])
    if options["by"] is not None and options["by"] not in list(Stratum):
        raise CommandError(f"--by {options['by']!r}: choose one of {CHOICES}.")
    return campaign_report(campaign, by=options["by"] and Stratum(options["by"]))


def _table(report: StrataReport) -> str:
    lines = [report["source"], _line("stratum / dimension", "n", *COLUMNS, "95 % interval")]
    for stratum, dimensions in report["strata"].items():
        for dimension, figures in dimensions.items():
            reasons = figures["reasons"]
            values = [_value(figures, name, reasons) for name in COLUMNS]
            name = f"{stratum} / {dimension}"
            interval = _interval(figures, reasons)
            lines.append(_line(name, str(figures["n_pairable"]), *values, interval))
    return "\n".join(lines)


def _line(name: str, count: str, *cells: str) -> str:
    return f"{name:40.40} {count:>8} " + " ".join(f"{cell:>26}" for cell in cells)


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
