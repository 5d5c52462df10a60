"""Doors of the reward model pages."""

from django.urls import path

from annotation_app.web.reward_models import files, views

urlpatterns = [
    path("campaigns/<str:slug>/models/", views.model_list, name="model-list"),
    path("campaigns/<str:slug>/models/<int:number>/", views.model_detail, name="model-detail"),
    path(
        "campaigns/<str:slug>/models/<int:number>/archive.tar",
        files.model_archive,
        name="model-archive",
    ),
    path(
        "api/v1/campaigns/<str:slug>/models/<int:number>/archive.tar",
        files.ModelArchive.as_view(),
        name="api-model-archive",
    ),
    path(
        "campaigns/<str:slug>/models/<int:number>/<str:name>",
        views.model_file_view,
        name="model-file",
    ),
    path(
        "campaigns/<str:slug>/models/<int:number>/predict/",
        views.model_predict,
        name="model-predict",
    ),
    path(
        "campaigns/<str:slug>/models/<int:number>/promote/",
        views.model_promote,
        name="model-promote",
    ),
]
