"""Doors of the agreement dashboard."""

from django.urls import path

from annotation_app.web.agreement import views

urlpatterns = [
    path("campaigns/<str:slug>/agreement/", views.agreement, name="agreement"),
    path(
        "campaigns/<str:slug>/agreement/charts/<slug:chart>.<slug:kind>",
        views.chart_data,
        name="agreement-chart",
    ),
]
