"""Doors of the dataset pages."""

from django.urls import path

from annotation_app.web.datasets import views

urlpatterns = [
    path("campaigns/<str:slug>/datasets/", views.dataset_list, name="dataset-list"),
    path(
        "campaigns/<str:slug>/datasets/<int:number>/", views.dataset_detail, name="dataset-detail"
    ),
    path(
        "campaigns/<str:slug>/datasets/<int:number>/files/<path:path>",
        views.dataset_file,
        name="dataset-file",
    ),
]
