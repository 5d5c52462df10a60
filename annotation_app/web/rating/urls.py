"""Doors of the annotator's pages."""

from django.urls import path

from annotation_app.web.rating import guidelines, images, keys, views

urlpatterns = [
    path("campaigns/<str:slug>/work/", views.annotate, name="annotate"),
    path("campaigns/<str:slug>/history/", views.history, name="history"),
    path("campaigns/<str:slug>/guideline/", guidelines.guideline, name="guideline"),
    path(
        "campaigns/<str:slug>/guideline/<int:number>/",
        guidelines.guideline,
        name="guideline-version",
    ),
    path("work/<uuid:token>/image/<int:position>", images.work_image, name="work-image"),
    path("preferences/keys/", keys.keys, name="keys"),
]
