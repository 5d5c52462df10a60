"""The dashboard's charts by name."""

from collections.abc import Callable, Mapping

from annotation_app.web.agreement.chart import Chart
from annotation_app.web.agreement.chart_confusion import confusion_chart
from annotation_app.web.agreement.chart_dimensions import dimensions_chart
from annotation_app.web.agreement.chart_distributions import distributions_chart
from annotation_app.web.agreement.chart_overlap import overlap_chart
from annotation_app.web.agreement.chart_raters import raters_chart
from annotation_app.web.agreement.chart_slices import slices_chart
from annotation_app.web.agreement.chart_trend import trend_chart
from annotation_app.web.agreement.reading import DashboardData

CHARTS: Mapping[str, Callable[[DashboardData], Chart]] = {
    "dimensions": dimensions_chart,
    "slices": slices_chart,
    "trend": trend_chart,
    "confusion": confusion_chart,
    "distributions": distributions_chart,
    "annotators": raters_chart,
    "overlap": overlap_chart,
}
