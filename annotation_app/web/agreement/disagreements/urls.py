"""Doors of the disagreement explorer."""

from django.urls import path

from annotation_app.web.agreement.disagreements import views

urlpatterns = [
    path("campaigns/<str:slug>/agreement/items/", views.disagreements, name="disagreements"),
    path(
        "campaigns/<str:slug>/agreement/items/<int:campaign_item>/",
        views.disagreement_item,
        name="disagreement-item",
    ),
]
