"""Freezing an agreement report."""

from importlib.metadata import version as package_version
from typing import Any

from django.urls import reverse

from analytics.agreement.evidence import gather
from analytics.agreement.report import summarise
from analytics.agreement.verifiable import verification_problem
from analytics.foreign.strata import POOLED
from annotation_app.enums import AuditVerb, Design, JobKind
from annotation_app.models import AgreementReport, Campaign, Job, User
from annotation_app.selectors.agreement import campaign_tables
from annotation_app.services.auditing import record_event
from annotation_app.services.jobs import create_job


def request_report(*, campaign: Campaign, created_by: User | None) -> Job:
    """Ask for a frozen agreement report.

    Raises:
        ConflictError: if one is being made already.
    """
    return create_job(
        kind=JobKind.AGREEMENT_REPORT,
        arguments={"campaign": campaign.pk},
        created_by=created_by,
        campaign=campaign,
        dedupe_key=f"report:{campaign.pk}",
    )


def run_report_job(job: Job) -> dict[str, Any]:
    """Measure a campaign's agreement now and keep it for good."""
    campaign = Campaign.objects.select_related("rubric").get(pk=job.arguments["campaign"])
    report = freeze_report(campaign=campaign, actor=job.created_by, job=job)
    return {"url": reverse("agreement-report", args=[campaign.slug, report.public_id])}


def freeze_report(*, campaign: Campaign, actor: User | None, job: Job | None) -> AgreementReport:
    """Compute and store a report over the slots of random design."""
    tables = campaign_tables(campaign, designs=frozenset({Design.RANDOM}))
    evidence = {name: gather(table) for name, table in tables.items()}
    summaries = {name: summarise(found) for name, found in evidence.items()}
    report = AgreementReport.objects.create(
        campaign=campaign,
        figures={POOLED: {name: found.as_dict() for name, found in summaries.items()}},
        method={
            "design": Design.RANDOM,
            "interval": "delete-one-item jackknife on atanh(alpha), t(G-1)",
            "versions": {name: package_version(name) for name in ("numpy", "scipy")},
        },
        problems={name: verification_problem(found) for name, found in evidence.items()},
        rating_count=next(iter(summaries.values())).n_ratings,
        job=job,
        created_by=actor,
    )
    record_event(
        actor=actor,
        verb=AuditVerb.CREATED,
        object_type="agreement_report",
        object_id=report.public_id,
        campaign=campaign,
    )
    return report
