"""Doors of the collection pages."""

from django.urls import path

from annotation_app.web.collections import external, imports, views, withdrawals

urlpatterns = [
    path("collections/", views.collection_list, name="collection-list"),
    path("collections/new/", views.collection_new, name="collection-new"),
    path("collections/<slug:slug>/", views.collection_detail, name="collection-detail"),
    path(
        "collections/<slug:slug>/items/<int:item_id>/",
        views.collection_item,
        name="collection-item",
    ),
    path(
        "collections/<slug:slug>/items/<int:item_id>/withdraw/",
        withdrawals.item_withdraw,
        name="collection-item-withdraw",
    ),
    path(
        "collections/<slug:slug>/items/<int:item_id>/restore/",
        withdrawals.item_restore,
        name="collection-item-restore",
    ),
    path(
        "collections/<slug:slug>/external-sets/",
        external.external_set_list,
        name="collection-external-sets",
    ),
    path(
        "collections/<slug:slug>/external-sets/<int:set_id>/remove/",
        external.external_set_remove,
        name="collection-external-set-remove",
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
