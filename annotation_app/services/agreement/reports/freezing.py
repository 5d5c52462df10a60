"""Freezing an agreement report: asked for on a page, computed by a job, kept for good."""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from django.db import transaction
from django.urls import reverse

from analytics.overall import OVERALL
from analytics.tables import RatingTable
from annotation_app.enums import AuditVerb, JobKind
from annotation_app.models import AgreementReport, Campaign, Job, User
from annotation_app.selectors.agreement.overlap_tables import overlap_tables
from annotation_app.selectors.agreement.reports import digest_of
from annotation_app.services.agreement.reports.bootstrapping import (
    bootstrap_differences,
    bootstrap_interval_of,
    bootstrap_method,
    check_store,
)
from annotation_app.services.agreement.reports.describing import (
    campaign_facts,
    difference_facts,
    interval_facts,
    method_facts,
)
from annotation_app.services.agreement.reports.gathering import (
    Gathered,
    ReportData,
    gather_figures,
    read_campaign,
)
from annotation_app.services.audit.events import record_event
from annotation_app.services.jobs.lifecycle import create_job

Progress = Callable[[int, int, str], None]
STEPS = 4


def silent(_done: int, _total: int, _message: str) -> None:
    """Discard the progress report."""


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


def run_report_job(job: Job, progress: Progress = silent) -> dict[str, Any]:
    """Measure a campaign's agreement now and keep it for good."""
    campaign = Campaign.objects.select_related("rubric", "collection", "guideline").get(
        pk=job.arguments["campaign"]
    )
    report = freeze_report(campaign=campaign, actor=job.created_by, job=job, progress=progress)
    return {"url": reverse("agreement-report", args=[campaign.slug, report.public_id])}


def freeze_report(
    *, campaign: Campaign, actor: User | None, job: Job | None, progress: Progress = silent
) -> AgreementReport:
    """Compute and store a report over the slots of random design.

    Raises:
        ConflictError: the stored sums differ from the ratings.
    """
    progress(0, STEPS, "Reading the ratings")
    reading = read_campaign(campaign)
    progress(1, STEPS, "Computing the figures")
    gathered = gather_figures(reading)
    progress(2, STEPS, "Drawing items again for the bootstrap")
    facts = campaign_facts(campaign) | _resampled(campaign, reading, gathered)
    progress(3, STEPS, "Freezing")
    report = _store(campaign, gathered, facts, actor, job)
    progress(STEPS, STEPS, "Done")
    return report


def _resampled(campaign: Campaign, reading: ReportData, gathered: Gathered) -> dict[str, Any]:
    """Bootstrap intervals and differences of the dimensions; also proves the store right."""
    tables = overlap_tables(reading.rows, campaign.rubric)
    for name, table in tables.items():
        check_store(name, table, gathered.pooled[name])
    single = {name: table for name, table in tables.items() if name != OVERALL}
    return {
        "bootstrap": bootstrap_method(campaign.seed)
        | {
            "krippendorff_alpha_ordinal": {
                name: interval_facts(bootstrap_interval_of(table, campaign.seed, place))
                for place, (name, table) in enumerate(tables.items())
            }
        },
        "differences": _differences(campaign, reading, single),
    }


def _differences(
    campaign: Campaign, reading: ReportData, tables: Mapping[str, RatingTable]
) -> list[dict[str, Any]]:
    again = bootstrap_differences(tables, campaign.seed)
    pooled = reading.live.pooled
    rows = []
    for first, second in combinations(tables, 2):
        drawn = again[first, second]
        kept = (first, second) in pooled.crosses
        found = pooled.difference(first, second) if kept else drawn
        rows.append(
            difference_facts((first, second), found) | {"bootstrap": interval_facts(drawn.interval)}
        )
    return rows


def _store(
    campaign: Campaign,
    gathered: Gathered,
    facts: dict[str, Any],
    actor: User | None,
    job: Job | None,
) -> AgreementReport:
    with transaction.atomic():
        report = AgreementReport.objects.create(
            campaign=campaign,
            figures=gathered.figures,
            strata=gathered.strata,
            facts=facts,
            method=method_facts(),
            problems=gathered.problems,
            strata_problems=gathered.strata_problems,
            rating_count=next(iter(gathered.pooled.values())).n_ratings,
            job=job,
            created_by=actor,
        )
        # The digest is of what the database gives back.
        report.refresh_from_db()
        report.digest = digest_of(report)
        report.save(update_fields=["digest"])
        record_event(
            actor=actor,
            verb=AuditVerb.CREATED,
            object_type="agreement_report",
            object_id=report.public_id,
            campaign=campaign,
            data={"digest": report.digest},
        )
    return report
