"""Recomputing a frozen report with the reference packages, in a separate process."""

import json
import subprocess
import sys
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.foreign.strata import POOLED
from annotation_app.enums import AlertKind, AuditVerb, JobKind
from annotation_app.exceptions import ConflictError
from annotation_app.models import AgreementReport, Job, User
from annotation_app.selectors.agreement.reports import is_alarming
from annotation_app.services.agreement.reports.freezing import Progress, silent
from annotation_app.services.alerts.lifecycle import raise_alert, resolve_alert
from annotation_app.services.audit.events import record_event
from annotation_app.services.jobs.lifecycle import create_job

SECONDS = 540


def request_verification(*, report: AgreementReport, created_by: User | None) -> Job:
    """Ask for a recomputation by the reference packages.

    Raises:
        ConflictError: the report keeps no evidence, or its verification is under way.
    """
    if not report.problems:
        raise ConflictError(
            _(
                "This report was saved without the counts needed to verify it. Freeze a new "
                "one to verify it."
            )
        )
    return create_job(
        kind=JobKind.VERIFY_REPORT,
        arguments={"report": report.pk},
        created_by=created_by,
        campaign=report.campaign,
        dedupe_key=f"verify-report:{report.pk}",
    )


def run_verify_job(job: Job, progress: Progress = silent) -> dict[str, Any]:
    """Verify a report and say how far the packages' figures lie from its own."""
    report = AgreementReport.objects.select_related("campaign").get(pk=job.arguments["report"])
    progress(0, 1, "Recomputing every figure with the reference packages")
    verify_report(report=report, actor=job.created_by)
    return {
        "url": reverse("agreement-report", args=[report.campaign.slug, report.public_id]),
        "largest_difference": report.largest_difference,
        "figures": report.verification["n_figures"],
    }


def verify_report(*, report: AgreementReport, actor: User | None) -> AgreementReport:
    """Recompute a report's figures in a separate process and store the largest difference.

    Compares the figures that the report prints, pooled and of every stratum.

    Raises:
        ConflictError: the report has no evidence, or the other process failed.
    """
    if not report.problems:
        raise ConflictError(
            _(
                "This report was saved without the counts needed to verify it. Freeze a new "
                "one to verify it."
            )
        )
    found = _recompute(_problems(report))
    report.largest_difference = found["largest_difference"]
    report.verification = {key: found[key] for key in ("n_figures", "mismatches", "versions")}
    report.verified_at = now = timezone.now()
    with transaction.atomic():
        report.save(update_fields=["largest_difference", "verification", "verified_at"])
        _alarm(report, now)
        record_event(
            actor=actor,
            verb=AuditVerb.CHANGED,
            object_type="agreement_report",
            object_id=report.public_id,
            campaign=report.campaign,
            data={"verified": True, "largest_difference": report.largest_difference},
        )
    return report


def _alarm(report: AgreementReport, now: datetime) -> None:
    """Tell the admins of a report that differs; take it back once it no longer does."""
    campaign, subject = report.campaign, str(report.public_id)
    if not is_alarming(report):
        resolve_alert(campaign=campaign, kind=AlertKind.REPORT_DIFFERS, subject=subject, now=now)
        return
    raise_alert(
        campaign=campaign,
        kind=AlertKind.REPORT_DIFFERS,
        subject=subject,
        arguments={
            "day": report.created_at.date().isoformat(),
            "difference": f"{report.largest_difference:.1e}",
        },
        now=now,
    )


def _problems(report: AgreementReport) -> dict[str, Any]:
    """Evidence with the figures as they are printed; names give stratum and dimension."""
    found = {
        name: _printed(problem, report.figures[POOLED][name])
        for name, problem in report.problems.items()
    }
    for kind, strata in report.strata_problems.items():
        for stratum, problems in strata.items():
            for name, problem in problems.items():
                figures = report.strata[kind][stratum][name]
                found[f"{kind}/{stratum}/{name}"] = _printed(problem, figures)
    return found


def _printed(problem: dict[str, Any], figures: dict[str, Any]) -> dict[str, Any]:
    return {**problem, "alphas": {key: figures[key] for key in problem["alphas"]}}


def _recompute(problems: dict[str, Any]) -> dict[str, Any]:
    # 1 says that some figure is defined on one side only; the output names it.
    try:
        process = subprocess.run(
            [sys.executable, "-m", "analytics.verification"],
            input=json.dumps({"problems": problems}),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ConflictError(_("The reference packages took too long.")) from error
    if process.returncode not in {0, 1} or not process.stdout:
        raise ConflictError(_("The reference packages could not be run."), error=process.stderr)
    result: dict[str, Any] = json.loads(process.stdout)
    return result
