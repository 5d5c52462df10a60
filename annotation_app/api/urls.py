"""Doors of the API and its document."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from annotation_app.api import views
from annotation_app.api.releases import benchmarks, datasets
from annotation_app.api.schema import load_extensions

DATASETS = "campaigns/<str:slug>/datasets/"
BENCHMARKS = "campaigns/<str:slug>/benchmarks/"

load_extensions()

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path(
        "",
        login_required(
            SpectacularSwaggerSplitView.as_view(
                url_name="api-schema", template_name="api/docs.html"
            )
        ),
        name="api-docs",
    ),
    path("campaigns/", views.CampaignList.as_view(), name="api-campaigns"),
    path("campaigns/<str:slug>/", views.CampaignDetail.as_view(), name="api-campaign"),
    path("campaigns/<str:slug>/scores/", views.ScoreList.as_view(), name="api-scores"),
    path("campaigns/<str:slug>/agreement/", views.Agreement.as_view(), name="api-agreement"),
    path(DATASETS, datasets.DatasetList.as_view(), name="api-datasets"),
    path(f"{DATASETS}<int:number>/", datasets.DatasetDetail.as_view(), name="api-dataset"),
    path(
        f"{DATASETS}<int:number>/files/<path:path>",
        datasets.DatasetFile.as_view(),
        name="api-dataset-file",
    ),
    path(
        f"{DATASETS}<int:number>/withdrawn/",
        datasets.DatasetWithdrawn.as_view(),
        name="api-dataset-withdrawn",
    ),
    path(BENCHMARKS, benchmarks.BenchmarkList.as_view(), name="api-benchmarks"),
    path(f"{BENCHMARKS}<int:number>/", benchmarks.BenchmarkDetail.as_view(), name="api-benchmark"),
    path(f"{BENCHMARKS}<int:number>/judges/", benchmarks.JudgeBoard.as_view(), name="api-judges"),
    path(
        f"{BENCHMARKS}<int:number>/files/<path:path>",
        benchmarks.BenchmarkFile.as_view(),
        name="api-benchmark-file",
    ),
    path(
        "campaigns/<str:slug>/generators/",
        benchmarks.GeneratorBoard.as_view(),
        name="api-generators",
    ),
    path("campaigns/<str:slug>/models/", views.ModelList.as_view(), name="api-models"),
    path(
        "campaigns/<str:slug>/models/<int:number>/predictions/",
        views.PredictionList.as_view(),
        name="api-predictions",
    ),
    path("jobs/<uuid:public_id>/", views.JobDetail.as_view(), name="api-job"),
]
