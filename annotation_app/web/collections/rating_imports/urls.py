"""Doors of imports of ratings."""

from django.urls import path

from annotation_app.web.collections.rating_imports import views

IMPORTS = "campaigns/<str:slug>/ratings/imports/"

urlpatterns = [
    path(IMPORTS, views.ratings_import_list, name="ratings-imports"),
    path(f"{IMPORTS}<uuid:public_id>/", views.ratings_import_report, name="ratings-import-report"),
    path(f"{IMPORTS}<uuid:public_id>/run/", views.ratings_import_run, name="ratings-import-run"),
    path(
        f"{IMPORTS}<uuid:public_id>/release/",
        views.ratings_import_release,
        name="ratings-import-release",
    ),
]
