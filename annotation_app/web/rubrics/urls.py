"""Doors of guideline writing."""

from django.urls import path

from annotation_app.web.rubrics import views

urlpatterns = [
    path("campaigns/<str:slug>/guidelines/", views.versions, name="guideline-versions"),
    path("campaigns/<str:slug>/guidelines/new/", views.new_version, name="guideline-new"),
    path("campaigns/<str:slug>/guidelines/images/", views.image_add, name="guideline-image-add"),
    path(
        "campaigns/<str:slug>/guidelines/<int:number>/changes/",
        views.changes,
        name="guideline-changes",
    ),
    path(
        "campaigns/<str:slug>/guideline/images/<uuid:public_id>/",
        views.example_image,
        name="guideline-image",
    ),
]
