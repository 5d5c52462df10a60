"""A frozen agreement report as one document: what its digest covers and its JSON file contains."""

import hashlib
import json
from typing import Any

from django.db.models import QuerySet

from analytics.foreign.strata import POOLED
from annotation_app.models import AgreementReport, Campaign

FORMAT = "editjury-agreement-report/1"
# Beyond this a recomputed figure is wrong, not rounded otherwise.
ALARM = 1e-9


def campaign_reports(campaign: Campaign) -> QuerySet[AgreementReport]:
    """A campaign's reports, the newest first."""
    return campaign.reports.select_related("created_by").order_by("-created_at", "-pk")


def frozen_document(report: AgreementReport) -> dict[str, Any]:
    """Everything that was frozen, ready for JSON; fields as `manage.py agreement --json` has them.

    `strata` contains the pooled figures by dimension, `by` the same for every kind of stratum.
    """
    return {
        "format": FORMAT,
        "report": str(report.public_id),
        "frozen_at": report.created_at.isoformat(),
        "source": report.facts.get("campaign", {}).get("name", report.campaign.name),
        "rating_count": report.rating_count,
        "facts": report.facts,
        "method": report.method,
        "strata": {POOLED: report.figures.get(POOLED, {})},
        "by": {kind: {"strata": strata} for kind, strata in report.strata.items()},
    }


def digest_of(report: AgreementReport) -> str:
    """sha256 of the frozen document in canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(
        frozen_document(report),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
        allow_nan=False,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def is_unchanged(report: AgreementReport) -> bool | None:
    """Whether the report still is what its digest says; None for a report without a digest."""
    return digest_of(report) == report.digest if report.digest else None


def is_alarming(report: AgreementReport) -> bool:
    """Whether the last verification found figures that differ."""
    if report.verified_at is None:
        return False
    mismatches = report.verification.get("mismatches", [])
    return bool(mismatches) or (report.largest_difference or 0.0) > ALARM
