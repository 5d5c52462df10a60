"""A report as files: PDF and JSON."""

import json
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from annotation_app.models import AgreementReport
from annotation_app.policies import can_see_results
from annotation_app.selectors.agreement.reports import frozen_document
from annotation_app.web.agreement.reports.facts import cite
from annotation_app.web.agreement.reports.pdf import report_pdf
from annotation_app.web.agreement.reports.views import find_report
from annotation_app.web.loading import load_campaign


@require_safe
@login_required
def report_json(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """The frozen document with its digest, how to cite it, and what verified it."""
    report = find_report(load_campaign(request, slug, can_see_results), public_id)
    document = frozen_document(report) | {
        "digest": f"sha256:{report.digest}" if report.digest else None,
        "citation": cite(report).text,
        "verification": _verification(report),
    }
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return _file(text.encode(), "application/json", _name(report, "json"))


@require_safe
@login_required
def report_pdf_file(request: HttpRequest, slug: str, public_id: UUID) -> HttpResponse:
    """The report as PDF, in the reader's language."""
    report = find_report(load_campaign(request, slug, can_see_results), public_id)
    content = report_pdf(report, get_language() or "en")
    return _file(content, "application/pdf", _name(report, "pdf"))


def _verification(report: AgreementReport) -> dict[str, object] | None:
    if report.verified_at is None:
        return None
    return {
        **report.verification,
        "verified_at": report.verified_at.isoformat(),
        "largest_difference": report.largest_difference,
    }


def _name(report: AgreementReport, ending: str) -> str:
    day = report.created_at.date().isoformat()
    return f"agreement-{report.campaign.slug}-{day}-{str(report.public_id)[:8]}.{ending}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type=kind,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
