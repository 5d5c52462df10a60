"""Doors of pushing to a hub."""

from django.urls import path

from annotation_app.web.hub import views

urlpatterns = [
    path(
        "campaigns/<str:slug>/datasets/<int:number>/hub/", views.dataset_push, name="dataset-push"
    ),
    path(
        "campaigns/<str:slug>/benchmarks/<int:number>/hub/",
        views.benchmark_push,
        name="benchmark-push",
    ),
]
