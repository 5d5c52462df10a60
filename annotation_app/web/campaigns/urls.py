"""Doors of the campaign pages."""

from django.urls import path

from annotation_app.web.campaigns import views

urlpatterns = [
    path("campaigns/<str:slug>/", views.campaign_home, name="campaign-home"),
]
