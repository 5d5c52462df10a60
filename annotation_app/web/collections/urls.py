"""Doors of the collection pages."""

from django.urls import path

from annotation_app.web.collections import imports, views

urlpatterns = [
    path("collections/", views.collection_list, name="collection-list"),
    path("collections/new/", views.collection_new, name="collection-new"),
    path("collections/<slug:slug>/", views.collection_detail, name="collection-detail"),
    path(
        "collections/<slug:slug>/items/<int:item_id>/",
        views.collection_item,
        name="collection-item",
    ),
    path("collections/<slug:slug>/import/", imports.import_form, name="collection-import"),
    path(
        "collections/<slug:slug>/imports/<uuid:public_id>/",
        imports.import_report,
        name="collection-import-report",
    ),
    path(
        "collections/<slug:slug>/imports/<uuid:public_id>/run/",
        imports.import_run,
        name="collection-import-run",
    ),
]
