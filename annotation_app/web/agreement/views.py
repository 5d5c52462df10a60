"""The dashboard's page and its charts' files."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from annotation_app.policies import can_see_results
from annotation_app.web.agreement.chart_slices import ordered_slices
from annotation_app.web.agreement.charts import CHARTS
from annotation_app.web.agreement.comparability import overlap_warnings
from annotation_app.web.agreement.files import chart_file
from annotation_app.web.agreement.findings import findings
from annotation_app.web.agreement.headlines import differences, headlines
from annotation_app.web.agreement.pace_words import progress_words
from annotation_app.web.agreement.plotly_files import NAME, bundled_sheet_id
from annotation_app.web.agreement.query import Query
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.agreement.tabs import dimension_tabs, facet_tabs, sort_tabs
from annotation_app.web.loading import load_campaign

SHOWN_REPORTS = 3


@require_safe
@login_required
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """How well annotators agree, how sure that is, where and why they do not."""
    campaign = load_campaign(request, slug, can_see_results)
    reading = DashboardData(campaign, Query.of(request.GET))
    charts = {key: make(reading) for key, make in CHARTS.items()}
    return render(
        request,
        "agreement/home.html",
        {
            "campaign": campaign,
            "tab": "agreement",
            "reading": reading,
            "imported": reading.imported,
            "query": reading.query,
            "query_string": reading.query.encoded(),
            "everything": reading.query.with_(value=""),
            "findings": findings(reading),
            "headlines": headlines(reading),
            "differences": differences(reading),
            "work": progress_words(campaign, now=timezone.now()),
            "warnings": overlap_warnings(reading),
            "tabs": {
                "dimensions": dimension_tabs(reading),
                "facets": facet_tabs(reading.query),
                "sorts": sort_tabs(reading.query),
            },
            "charts": charts,
            "slice_table": [*zip(ordered_slices(reading), charts["slices"].lines, strict=True)],
            "rater_table": [*zip(reading.raters, charts["annotators"].lines, strict=True)],
            "reports": campaign.reports.all()[:SHOWN_REPORTS],
            "plotly": NAME,
            "sheet_id": bundled_sheet_id(),
        },
    )


@require_safe
@login_required
def chart_data(request: HttpRequest, slug: str, chart: str, kind: str) -> HttpResponse:
    """One chart's data: what the browser draws, or a file to keep."""
    campaign = load_campaign(request, slug, can_see_results)
    if chart not in CHARTS:
        raise Http404
    reading = DashboardData(campaign, Query.of(request.GET))
    made = CHARTS[chart](reading)
    if kind == "data":
        return JsonResponse(made.as_dict())
    return chart_file(reading, made, kind)
