"""A chart's data as a file that names its basis."""

import json

from django.http import HttpResponse
from django.utils import timezone

from annotation_app.web.agreement.chart import Chart
from annotation_app.web.agreement.reading import DashboardData
from annotation_app.web.benchmarks.tables import records_response


def chart_file(reading: DashboardData, chart: Chart, kind: str) -> HttpResponse:
    """CSV of the rows, or JSON of the rows with the campaign, filters and the time.

    Raises:
        Http404: any other kind.
    """
    name = f"{reading.campaign.slug}-agreement-{chart.key}"
    is_narrowed = reading.is_narrowed and not chart.is_of_all_items
    if reading.is_narrowed and chart.is_of_all_items:
        name += "-all-items"
    if kind != "json":
        return records_response(chart.records(), name, kind)
    made = chart.as_dict() | {
        "campaign": reading.campaign.slug,
        "dimension": reading.dimension,
        "design": reading.query.design,
        "by": reading.query.by.value,
        "value": reading.query.value if is_narrowed else "",
        "read_at": timezone.now().isoformat(),
    }
    made.pop("links")
    response = HttpResponse(
        json.dumps(made, ensure_ascii=False, indent=1) + "\n", content_type="application/json"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return response
