"""Freezing an agreement report."""

from importlib.metadata import version as package_version
from typing import Any

from django.urls import reverse

from annotation_app.enums import AuditVerb, Design, JobKind
from annotation_app.models import AgreementReport, Campaign, Job, User
from annotation_app.selectors.agreement import campaign_agreement
from annotation_app.services.auditing import record_event
from annotation_app.services.jobs import create_job

POOLED = "pooled"


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
    measured = campaign_agreement(campaign)
    report = AgreementReport.objects.create(
        campaign=campaign,
        figures={POOLED: {one.dimension: one.summary.as_dict() for one in measured}},
        method={
            "design": Design.RANDOM,
            "interval": "delete-one-item jackknife on atanh(alpha), t(G-1)",
            "versions": {name: package_version(name) for name in ("numpy", "scipy")},
        },
        rating_count=sum(one.summary.n_ratings for one in measured[:1]),
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
