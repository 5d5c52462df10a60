"""Recomputing a frozen report with the reference packages, in a process of their own."""

import json
import subprocess
import sys
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.foreign.strata import POOLED
from annotation_app.enums import AuditVerb
from annotation_app.exceptions import ConflictError
from annotation_app.models import AgreementReport, User
from annotation_app.services.auditing import record_event

SECONDS = 120


def verify_report(*, report: AgreementReport, actor: User | None) -> AgreementReport:
    """Recompute a report's figures elsewhere and store the largest difference.

    What is compared are the figures that the report prints.

    Raises:
        ConflictError: the report holds no evidence, or the other process failed.
    """
    if not report.problems:
        raise ConflictError(_("This report keeps no evidence. Freeze a new one to verify it."))
    found = _recompute({name: _printed(report, name) for name in report.problems})
    report.largest_difference = found["largest_difference"]
    report.verification = {key: found[key] for key in ("n_figures", "mismatches", "versions")}
    report.verified_at = timezone.now()
    report.save(update_fields=["largest_difference", "verification", "verified_at"])
    record_event(
        actor=actor,
        verb=AuditVerb.CHANGED,
        object_type="agreement_report",
        object_id=report.public_id,
        campaign=report.campaign,
    )
    return report


def _printed(report: AgreementReport, name: str) -> dict[str, Any]:
    """The stored evidence beside the figures as the report prints them."""
    problem = report.problems[name]
    figures = report.figures[POOLED][name]
    return {**problem, "alphas": {key: figures[key] for key in problem["alphas"]}}


def _recompute(problems: dict[str, Any]) -> dict[str, Any]:
    # 1 says that some figure is defined on one side only; the output names it.
    process = subprocess.run(
        [sys.executable, "-m", "analytics.verification"],
        input=json.dumps({"problems": problems}),
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if process.returncode not in {0, 1} or not process.stdout:
        raise ConflictError(_("The reference packages could not be run."), error=process.stderr)
    result: dict[str, Any] = json.loads(process.stdout)
    return result
