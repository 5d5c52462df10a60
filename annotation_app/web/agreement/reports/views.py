"""Agreement reports: the list, one report, two side by side; freezing and verifying."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_POST, require_safe

from annotation_app.exceptions import ConflictError
from annotation_app.models import AgreementReport, Campaign
from annotation_app.policies import can_see_results
from annotation_app.selectors.agreement.reports import (
    ALARM,
    campaign_reports,
    is_alarming,
    is_unchanged,
)
from annotation_app.services.agreement.reports.freezing import request_report
from annotation_app.services.agreement.reports.verifying import request_verification
from annotation_app.web.agreement.reports.comparison import comparison_tables, differing_facts
from annotation_app.web.agreement.reports.facts import cite, report_facts, report_title
from annotation_app.web.agreement.reports.sections import report_tables
from annotation_app.web.agreement.reports.tables import dimension_names
from annotation_app.web.loading import load_campaign
from annotation_app.web.requests import signed_in

SHOWN = 200


@require_safe
@login_required
def report_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Every frozen report; two of them can be compared."""
    campaign = load_campaign(request, slug, can_see_results)
    reports = list(campaign_reports(campaign)[:SHOWN])
    context = {
        "campaign": campaign,
        "tab": "agreement",
        "reports": [(report, is_alarming(report)) for report in reports],
    }
    return render(request, "agreement/reports/list.html", context)


@require_POST
@login_required
def agreement_freeze(request: HttpRequest, slug: str) -> HttpResponse:
    """Start a frozen report."""
    campaign = load_campaign(request, slug, can_see_results)
    try:
        job = request_report(campaign=campaign, created_by=signed_in(request))
    except ConflictError as error:
        messages.warning(request, error.message)
        return redirect("report-list", slug=slug)
    return redirect("job-detail", public_id=job.public_id)


@require_safe
@login_required
def agreement_report(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """A frozen report."""
    campaign = load_campaign(request, slug, can_see_results)
    report = find_report(campaign, public_id)
    language = get_language() or "en"
    context = {
        "campaign": campaign,
        "tab": "agreement",
        "report": report,
        "title": report_title(report),
        "tables": report_tables(report, language),
        "facts": report_facts(report, dimension_names(report, language)),
        "citation": cite(report),
        "packages": list(report.verification.get("versions", {}).items()),
        "is_unchanged": is_unchanged(report),
        "is_alarming": is_alarming(report),
        "alarm": f"{ALARM:.0e}",
        "others": campaign_reports(campaign).exclude(pk=report.pk)[:SHOWN],
    }
    return render(request, "agreement/reports/report.html", context)


@require_POST
@login_required
def report_verify(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """Have a report recomputed by the reference packages."""
    campaign = load_campaign(request, slug, can_see_results)
    report = find_report(campaign, public_id)
    try:
        job = request_verification(report=report, created_by=signed_in(request))
    except ConflictError as error:
        messages.warning(request, error.message)
        return redirect("agreement-report", slug=slug, public_id=public_id)
    return redirect("job-detail", public_id=job.public_id)


@require_safe
@login_required
def report_compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two reports of a campaign side by side, always the older one first."""
    campaign = load_campaign(request, slug, can_see_results)
    named = [request.GET.get(name, "") for name in ("first", "second")]
    context = {"campaign": campaign, "tab": "agreement", "reports": campaign_reports(campaign)}
    if all(named):
        pair = sorted(
            (_named_report(campaign, name) for name in named), key=lambda one: one.created_at
        )
        language = get_language() or "en"
        context |= {
            "old": pair[0],
            "new": pair[1],
            "tables": comparison_tables(pair[0], pair[1], language),
            "facts": differing_facts(pair[0], pair[1], language),
        }
    return render(request, "agreement/reports/compare.html", context)


def find_report(campaign: Campaign, public_id: UUID) -> AgreementReport:
    """A report of this campaign.

    Raises:
        Http404: if it has none of that name.
    """
    reports = AgreementReport.objects.select_related("campaign", "created_by")
    return get_object_or_404(reports, campaign=campaign, public_id=public_id)


def _named_report(campaign: Campaign, name: str) -> AgreementReport:
    try:
        return find_report(campaign, UUID(name))
    except (ValueError, ValidationError) as error:
        raise Http404 from error
