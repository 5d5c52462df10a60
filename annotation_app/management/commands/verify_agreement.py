"""`manage.py verify_agreement [REPORT]`: recompute frozen reports with the reference packages."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from typing_extensions import override

from annotation_app.exceptions import AnnotationError
from annotation_app.models import AgreementReport
from annotation_app.services.agreement.reports.verifying import verify_report

TOLERANCE = 1e-12


class Command(BaseCommand):
    """Exits with 1 if a figure differs by more than rounding, or is defined on one side only."""

    help = "Recompute frozen agreement reports with krippendorff and statsmodels."

    @override
    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "report", nargs="?", help="public ID of the report (default: all unverified reports)"
        )

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        chosen = _chosen(options)
        if not chosen:
            self.stdout.write("No frozen report is waiting to be verified.")
        wrong = [str(report.public_id) for report in chosen if not self._agrees(report)]
        if wrong:
            raise CommandError(f"Reports that differ: {', '.join(wrong)}.")

    def _agrees(self, report: AgreementReport) -> bool:
        try:
            verify_report(report=report, actor=None)
        except AnnotationError as error:
            raise CommandError(error.message) from error
        mismatches = report.verification["mismatches"]
        self.stdout.write(
            f"{report.public_id}: {report.verification['n_figures']} figures,"
            f" largest difference {report.largest_difference:.1e},"
            f" {len(mismatches)} defined on one side only"
        )
        return not mismatches and (report.largest_difference or 0.0) <= TOLERANCE


def _chosen(options: dict[str, Any]) -> list[AgreementReport]:
    if not options["report"]:
        return list(AgreementReport.objects.filter(verified_at=None).exclude(problems={}))
    try:
        return [AgreementReport.objects.get(public_id=options["report"])]
    except (AgreementReport.DoesNotExist, ValidationError) as error:
        raise CommandError(f"There is no report {options['report']!r}.") from error
