"""Doors of campaign setup."""

from django.urls import path

from annotation_app.web.campaigns.setup import new, pilots, views

urlpatterns = [
    path("new-campaign/", new.campaign_new, name="campaign-new"),
    path("campaigns/<str:slug>/setup/", views.campaign_setup, name="campaign-setup"),
    path("campaigns/<str:slug>/setup/plan/", views.campaign_plan, name="campaign-plan"),
    path(
        "campaigns/<str:slug>/setup/state/<str:state>/",
        views.campaign_state,
        name="campaign-state",
    ),
    path("campaigns/<str:slug>/pilot/", pilots.pilot_report, name="pilot"),
    path("campaigns/<str:slug>/pilot/start/", pilots.pilot_start, name="pilot-start"),
    path("campaigns/<str:slug>/pilot/promote/", pilots.pilot_promote, name="pilot-promote"),
]
