"""Doors of the API and its document."""

from django.contrib.auth.decorators import login_required
from django.urls import path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from annotation_app.api import views

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
    path("campaigns/<str:slug>/datasets/", views.DatasetList.as_view(), name="api-datasets"),
    path("campaigns/<str:slug>/models/", views.ModelList.as_view(), name="api-models"),
    path(
        "campaigns/<str:slug>/models/<int:number>/predictions/",
        views.PredictionList.as_view(),
        name="api-predictions",
    ),
    path("jobs/<uuid:public_id>/", views.JobDetail.as_view(), name="api-job"),
]
